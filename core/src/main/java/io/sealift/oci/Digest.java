package io.sealift.oci;

import io.sealift.failure.UnsafeContentException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The address of some content: an algorithm and the lower-case hexadecimal digits of its value
/// (OCI image specification, descriptor.md, Digests). Safe as a file name: {@link #hex} holds
/// nothing but digits.
public record Digest(DigestAlgorithm algorithm, String hex) {

  public Digest {
    if (hex.length() != algorithm.hexLength() || !isLowerHex(hex)) {
      throw new IllegalArgumentException("not a " + algorithm.label() + " digest: " + hex);
    }
  }

  /// Reads `algorithm:hex`.
  ///
  /// @throws UnsafeContentException when the algorithm is unknown, or the digits are too few, too
  ///   many or upper case
  public static Digest parse(String text) throws UnsafeContentException {
    return parse(text, "digest");
  }

  /// Reads `algorithm:hex`.
  ///
  /// @param subject where it stands, for messages: `manifest: /config/digest`
  /// @throws UnsafeContentException as above
  public static Digest parse(String text, String subject) throws UnsafeContentException {
    int colon = text.indexOf(':');
    Optional<DigestAlgorithm> algorithm =
        colon < 0 ? Optional.empty() : DigestAlgorithm.of(text.substring(0, colon));
    if (algorithm.isEmpty()) {
      throw new UnsafeContentException(
          "read %s '%s': expected sha256:, sha384: or sha512:".formatted(subject, shorten(text)));
    }
    String hex = text.substring(colon + 1);
    if (hex.length() != algorithm.get().hexLength() || !isLowerHex(hex)) {
      throw new UnsafeContentException(
          "read %s '%s': expected %d lower-case hexadecimal digits after %s:"
              .formatted(
                  subject, shorten(text), algorithm.get().hexLength(), algorithm.get().label()));
    }
    return new Digest(algorithm.get(), hex);
  }

  private static boolean isLowerHex(String text) {
    return text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
  }

  /// Hostile text is not repeated at length in messages.
  private static String shorten(String text) {
    return text.length() <= 160 ? text : text.substring(0, 160) + "…";
  }

  // Written out: the first generated one of a process costs it 15 ms, which no cache of the JVM
  // saves.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Digest digest
        && algorithm == digest.algorithm
        && hex.equals(digest.hex);
  }

  @Override
  public int hashCode() {
    return hex.hashCode();
  }

  @Override
  public String toString() {
    return algorithm.label() + ":" + hex;
  }
}
