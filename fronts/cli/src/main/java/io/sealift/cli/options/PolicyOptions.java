package io.sealift.cli.options;

import io.sealift.cli.console.Surroundings;
import io.sealift.failure.NotFoundException;
import io.sealift.failure.PolicyRefusedException;
import io.sealift.policy.Policy;
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

  /// Bytes of a policy file; real ones have a few thousand.
  private static final int MAX_BYTES = 1 << 20;

  private static final Path OF_MACHINE = Path.of("/etc/containers/policy.json");

  @Option(
      names = "--policy",
      paramLabel = "FILE",
      order = 30,
      description =
          "Ask this policy whether the image may enter. Default: the first of"
              + " $$HOME/.config/containers/policy.json and /etc/containers/policy.json.")
  @Nullable Path policy;

  @Option(
      names = "--insecure-policy",
      order = 31,
      description = "Let every image in, without looking for a policy.")
  boolean insecurePolicy;

  /// For an image of one's own making.
  public static PolicyOptions insecure() {
    PolicyOptions options = new PolicyOptions();
    options.insecurePolicy = true;
    return options;
  }

  /// The policy that holds; one that refuses everything when there is none.
  public Policy policy(Surroundings surroundings) throws NotFoundException, PolicyRefusedException {
    if (insecurePolicy) {
      return Policy.insecureAcceptAnything("--insecure-policy");
    }
    if (policy != null) {
      return read(policy)
          .orElseThrow(() ->
              new NotFoundException(
                  "read policy %s: there is no such file; name another with --policy"
                      .formatted(policy)));
    }
    return first(places(surroundings));
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

  /// The file that is used when no option names one; empty when there is none.
  public static Optional<Path> defaultFile(Surroundings surroundings) {
    return places(surroundings).stream().filter(Files::exists).findFirst();
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
      byte[] json = stream.readNBytes(MAX_BYTES + 1);
      if (json.length > MAX_BYTES) {
        throw new PolicyRefusedException(
            "read policy %s: more than the %d bytes allowed".formatted(file, MAX_BYTES));
      }
      return Optional.of(Policy.parse(json, file.toString()));
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
