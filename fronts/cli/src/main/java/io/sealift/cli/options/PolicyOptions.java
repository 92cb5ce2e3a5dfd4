package io.sealift.cli.options;

import io.sealift.cli.console.Surroundings;
import io.sealift.failure.PolicyRefusedException;
import io.sealift.imageconfig.Setting;
import io.sealift.policy.Policy;
import io.sealift.policy.PolicySource;
import io.sealift.policyfile.PolicyFile;
import io.sealift.secret.SecretSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which images may enter.
public final class PolicyOptions {

  private static final Path OF_MACHINE = Path.of("/etc/containers/policy.json");

  @Option(
      names = "--policy",
      paramLabel = "FILE",
      order = 30,
      description =
          "Ask this policy whether the image may enter: a path, or a URI such as file:///PATH."
              + " Default: what the variable SEALIFT_POLICY names, or else the first of $$HOME/.config/containers/policy.json and"
              + " /etc/containers/policy.json.")
  @Nullable String policy;

  @Option(
      names = "--insecure-policy",
      order = 31,
      description = "Let every image in, without looking for a policy.")
  boolean insecurePolicy;

  @Option(
      names = "--registries-d",
      paramLabel = "DIR",
      order = 32,
      description =
          "Read where simple signatures are kept from the files in this directory. Default: the first"
              + " of $$HOME/.config/containers/registries.d and /etc/containers/registries.d.")
  @Nullable Path registriesD;

  /// The policy at a path or URI.
  public static PolicyOptions at(String place) {
    PolicyOptions options = new PolicyOptions();
    options.policy = place;
    return options;
  }

  /// The policy that holds, read whenever an image asks; one that refuses everything when there is
  /// none.
  public PolicySource source(Surroundings surroundings, SecretSource secrets) {
    if (insecurePolicy) {
      return () -> Policy.insecureAcceptAnything("--insecure-policy");
    }
    return source(
        Optional.ofNullable(policy).or(() -> surroundings.setting(Setting.POLICY)).orElse(null),
        surroundings,
        secrets);
  }

  /// The one document that says where simple signatures are kept, a URI; empty for those in a
  /// directory.
  public Optional<String> signatureStores(Surroundings surroundings) {
    return registriesD == null
        ? surroundings.setting(Setting.SIGNATURE_STORES).map(Uris::of)
        : Optional.empty();
  }

  /// The directory whose files say where simple signatures are kept; it need not be there.
  public Path registriesD(Surroundings surroundings) {
    if (registriesD != null) {
      return registriesD;
    }
    return surroundings
        .variable("HOME")
        .map(home -> Path.of(home, ".config/containers/registries.d"))
        .filter(Files::isDirectory)
        .orElse(Path.of("/etc/containers/registries.d"));
  }

  /// Where simple signatures are kept that no file says anything about.
  public Path signatureStore(Surroundings surroundings) {
    return surroundings
        .variable("HOME")
        .filter(_ -> !surroundings.isRoot())
        .map(home -> Path.of(home, ".local/share/containers/sigstore"))
        .orElse(Path.of("/var/lib/containers/sigstore"));
  }

  /// The policy at a place.
  ///
  /// @param place a path or URI; null for the first of the usual places that has one
  public static PolicySource source(
      @Nullable String place, Surroundings surroundings, SecretSource secrets) {
    if (place == null) {
      return () -> first(places(surroundings));
    }
    String uri = Uris.of(place);
    return () -> PolicyFile.parse(secrets.read(uri, PolicyFile.MAX_BYTES), place);
  }

  /// The first policy that is there.
  static Policy first(List<Path> places) throws PolicyRefusedException {
    for (Path place : places) {
      Optional<Policy> found = read(place);
      if (found.isPresent()) {
        return found.get();
      }
    }
    return Policy.absent(
        "write {\"default\":[{\"type\":\"insecureAcceptAnything\"}]} or a stricter one to %s, or pass"
                .formatted(places.getFirst())
            + " --insecure-policy");
  }

  /// The policy that is used when no option names one, for people; empty when there is none.
  public static Optional<String> byDefault(Surroundings surroundings) {
    return surroundings
        .setting(Setting.POLICY)
        .or(() ->
            places(surroundings).stream().filter(Files::exists).map(Path::toString).findFirst());
  }

  /// Where policies are looked for, first to last.
  public static List<Path> places(Surroundings surroundings) {
    List<Path> places = new ArrayList<>();
    surroundings
        .variable("HOME")
        .ifPresent(home -> places.add(Path.of(home, ".config/containers/policy.json")));
    places.add(OF_MACHINE);
    return places;
  }

  /// Empty only when there is no such file: one that cannot be read must not give way to another.
  private static Optional<Policy> read(Path file) throws PolicyRefusedException {
    try (InputStream stream = Files.newInputStream(file)) {
      byte[] json = stream.readNBytes(PolicyFile.MAX_BYTES + 1);
      if (json.length > PolicyFile.MAX_BYTES) {
        throw new PolicyRefusedException(
            "read policy %s: more than the %d bytes allowed".formatted(file, PolicyFile.MAX_BYTES));
      }
      return Optional.of(PolicyFile.parse(json, file.toString()));
    } catch (NoSuchFileException missing) {
      return Optional.empty();
    } catch (IOException unreadable) {
      throw new PolicyRefusedException(
          "read policy %s: %s; make it readable, or name another with --policy"
              .formatted(file, unreadable.getMessage()),
          unreadable);
    }
  }
}
