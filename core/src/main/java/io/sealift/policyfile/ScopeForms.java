package io.sealift.policyfile;

import io.sealift.failure.BadReferenceException;
import io.sealift.oci.Reference;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/// What keys of scopes may look like, by transport, and which of them a name can ever have:
///
/// | transport | key |
/// |---|---|
/// | `docker`, `atomic`, `docker-daemon` and unknown ones | anything |
/// | `oci`, `oci-archive`, `dir`, `sif` | an absolute path without `.`, `..` and a slash at the end; not `/` |
/// | `docker-archive`, `tarball` | nothing |
final class ScopeForms {

  private ScopeForms() {}

  /// Why a key cannot be; empty when it can.
  static Optional<String> objection(String transport, String key) {
    if (key.isEmpty()) {
      return Optional.empty();
    }
    return switch (transport) {
      case "oci", "oci-archive", "dir", "sif" -> pathObjection(key);
      case "docker-archive", "tarball" -> Optional.of("this transport has no scopes but \"\"");
      default -> Optional.empty();
    };
  }

  private static Optional<String> pathObjection(String key) {
    if (!key.startsWith("/")) {
      return Optional.of("expected an absolute path");
    }
    if (key.equals("/")) {
      return Optional.of("\"/\" would mean the same as \"\"; use \"\"");
    }
    try {
      String clean = Path.of(key).normalize().toString();
      return clean.equals(key) ? Optional.empty() : Optional.of("write it as " + clean);
    } catch (InvalidPathException malformed) {
      return Optional.of("expected a path: " + malformed.getMessage());
    }
  }

  /// Whether some image in a registry has this key; a key that none has decides nothing.
  static boolean isReachable(String key) {
    if (key.startsWith("*.")) {
      return key.indexOf(':') < 0
          && key.indexOf('/') < 0
          && isNormal("x" + key.substring(1) + "/x:t");
    }
    return key.isEmpty()
        || isNormal(key + "/x:t")
        || isNormal(key + ":t")
        || (isNormal(key) && !hasTagAndDigest(key));
  }

  /// A name with both is looked for by its digest alone.
  private static boolean hasTagAndDigest(String key) {
    int at = key.indexOf('@');
    return at > 0 && key.lastIndexOf(':', at) > key.lastIndexOf('/', at);
  }

  /// What somebody who wrote an unreachable key may have meant: it as Docker understands it.
  static Optional<String> meant(String key) {
    try {
      Reference reference = Reference.parse(key);
      if (reference.digest() != null) {
        return Optional.of(reference.repository() + "@" + reference.digest());
      }
      boolean tagged = key.endsWith(":" + reference.tag());
      return Optional.of(tagged ? reference.toString() : reference.repository());
    } catch (BadReferenceException nothing) {
      return Optional.empty();
    }
  }

  /// Whether a text is a complete reference as it is.
  private static boolean isNormal(String text) {
    try {
      return Reference.parse(text).toString().equals(text);
    } catch (BadReferenceException malformed) {
      return false;
    }
  }
}
