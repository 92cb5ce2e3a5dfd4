package io.sealift.registry.login;

import io.sealift.failure.ImageException;
import io.sealift.oci.Reference;
import io.sealift.registry.CredentialSource;
import io.sealift.registry.Credentials;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Credentials from programs and files in the order of a setting (`credential-helpers` of
/// containers-registries.conf(5)): the first that has some. A program is asked for the registry
/// alone, and only when it is allowed by name. What fails is passed over, and told when nothing
/// else has any.
public final class LoginOrder implements CredentialSource {

  /// The entry that stands for the files.
  public static final String FILES = "containers-auth.json";

  private final Setting setting;
  private final CredentialSource files;
  private final CredentialHelpers helpers;

  /// @param setting read each time that credentials are looked up
  public LoginOrder(Setting setting, CredentialSource files, CredentialHelpers helpers) {
    this.setting = setting;
    this.files = files;
    this.helpers = helpers;
  }

  /// Reads the setting.
  public interface Setting {
    Order order() throws ImageException, InterruptedIOException;
  }

  /// @param entries names of programs without `docker-credential-`, or {@link #FILES}
  /// @param origin what says so, for messages
  public record Order(List<String> entries, String origin) {

    public static final Order FILES_ALONE = new Order(List.of(FILES), "");

    public Order {
      entries = List.copyOf(entries);
    }
  }

  @Override
  public Answer credentialsFor(String registry, String repository)
      throws ImageException, InterruptedIOException {
    Order order = setting.order();
    List<ImageException> failures = new ArrayList<>();
    List<String> remedies = new ArrayList<>();
    for (String entry : order.entries()) {
      try {
        Answer answer =
            entry.equals(FILES)
                ? files.credentialsFor(registry, repository)
                : ask(entry, registry, order);
        switch (answer) {
          case Answer.Known known -> {
            return known;
          }
          case Answer.Unknown(String remedy) -> remedies.add(remedy);
        }
      } catch (ImageException failed) {
        failures.add(failed);
      }
    }
    if (!failures.isEmpty()) {
      ImageException first = failures.getFirst();
      failures.stream().skip(1).forEach(first::addSuppressed);
      throw first;
    }
    return new Answer.Unknown(remedy(order, remedies));
  }

  private Answer ask(String helper, String registry, Order order)
      throws ImageException, InterruptedIOException {
    if (!helpers.allows(helper)) {
      return new Answer.Unknown(
          CredentialHelpers.isName(helper)
              ? "let the credential helper that %s names be run, with --credential-helper %s"
                  .formatted(order.origin(), helper)
              : "repair %s, which names a credential helper with no proper name"
                  .formatted(order.origin()));
    }
    String server = Reference.DOCKER_HUB_NAMES.contains(registry) ? Reference.DOCKER_HUB : registry;
    Optional<Credentials> found = helpers.get(helper, server);
    return found.isPresent()
        ? new Answer.Known(found.get(), "docker-credential-" + helper)
        : new Answer.Unknown("log in with docker-credential-%s".formatted(helper));
  }

  /// That of the first entry; with a word about files that are passed over, which a user may have
  /// logged in to.
  private static String remedy(Order order, List<String> remedies) {
    if (order.entries().contains(FILES)) {
      return remedies.getFirst();
    }
    String first = remedies.isEmpty() ? "pass --creds USER:PASSWORD" : remedies.getFirst();
    return "%s; no file is read, because credential-helpers of %s does not have %s"
        .formatted(first, order.origin(), FILES);
  }
}
