package io.sealift.oci;

import io.sealift.failure.BadReferenceException;
import io.sealift.failure.UnsafeContentException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The normalised name of an image in a registry: `domain/path[:tag][@digest]`
/// (distribution/reference grammar). At least one of tag and digest is there; with both, the digest
/// decides what is fetched.
///
/// @param domain host with optional port; `docker.io` for Docker Hub
/// @param path repository without the domain, such as `library/busybox`
public record Reference(String domain, String path, @Nullable String tag, @Nullable Digest digest) {

  public static final String DOCKER_HUB = "docker.io";

  /// All that Docker Hub is called where credentials are kept for it; the first is what references
  /// have.
  public static final List<String> DOCKER_HUB_NAMES =
      List.of(DOCKER_HUB, "index.docker.io", "registry-1.docker.io");

  /// Characters of a whole reference: the longest domain, path, tag and digest together stay below.
  private static final int MAX_LENGTH = 1024;

  /// Characters of a domain: a host name of DNS and a port.
  private static final int MAX_DOMAIN_LENGTH = 253 + 6;

  /// Characters of a path, as Docker bounds it.
  private static final int MAX_PATH_LENGTH = 255;

  private static final String LABEL = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
  private static final Pattern DOMAIN =
      Pattern.compile("(?:" + LABEL + "(?:\\." + LABEL + ")*|\\[[0-9a-fA-F:]+])(?::[0-9]+)?");
  private static final String COMPONENT = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
  private static final Pattern PATH = Pattern.compile(COMPONENT + "(?:/" + COMPONENT + ")*");
  private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");

  public Reference {
    if (domain.length() > MAX_DOMAIN_LENGTH
        || !DOMAIN.matcher(domain).matches()
        || path.length() > MAX_PATH_LENGTH
        || !PATH.matcher(path).matches()
        || (tag != null && !TAG.matcher(tag).matches())
        || (tag == null && digest == null)) {
      throw new IllegalArgumentException(
          "not a normalised reference: " + domain + "/" + path + ":" + tag + "@" + digest);
    }
  }

  /// Reads and normalises a reference as Docker does: without a domain it is one of Docker Hub,
  /// without tag and digest the tag is `latest`.
  ///
  /// @throws BadReferenceException when it is not a reference, saying which part is not
  public static Reference parse(String text) throws BadReferenceException {
    if (text.length() > MAX_LENGTH) {
      throw bad(
          text.substring(0, 64) + "…",
          "%d characters are more than the %d allowed".formatted(text.length(), MAX_LENGTH));
    }
    String rest = text;
    Digest digest = null;
    int at = rest.indexOf('@');
    if (at >= 0) {
      digest = digest(text, rest.substring(at + 1));
      rest = rest.substring(0, at);
    }
    String domain = DOCKER_HUB;
    int slash = rest.indexOf('/');
    if (slash >= 0 && isDomain(rest.substring(0, slash))) {
      domain = rest.substring(0, slash);
      rest = rest.substring(slash + 1);
    }
    String tag = null;
    int colon = rest.indexOf(':');
    if (colon >= 0) {
      tag = rest.substring(colon + 1);
      rest = rest.substring(0, colon);
    }
    return normalised(text, domain, rest, tag, digest);
  }

  /// Whether a text names a registry before the repository; one that does not is a short name.
  public static boolean namesDomain(String text) {
    int slash = text.indexOf('/');
    return slash >= 0 && isDomain(text.substring(0, slash));
  }

  /// The first part is a domain when it cannot be the first component of a path on Docker Hub.
  private static boolean isDomain(String first) {
    return first.equals("localhost")
        || first.indexOf('.') >= 0
        || first.indexOf(':') >= 0
        || !first.equals(first.toLowerCase(Locale.ROOT));
  }

  private static Reference normalised(
      String text, String host, String path, @Nullable String tag, @Nullable Digest digest)
      throws BadReferenceException {
    String domain = host.equals("index.docker.io") ? DOCKER_HUB : host;
    if (domain.length() > MAX_DOMAIN_LENGTH) {
      throw bad(text, "the host has more than " + MAX_DOMAIN_LENGTH + " characters");
    }
    if (!DOMAIN.matcher(domain).matches()) {
      throw bad(text, "'" + domain + "' is not a host with an optional port");
    }
    String whole = domain.equals(DOCKER_HUB) && path.indexOf('/') < 0 ? "library/" + path : path;
    if (path.length() > MAX_PATH_LENGTH) {
      throw bad(text, "the repository has more than " + MAX_PATH_LENGTH + " characters");
    }
    if (!PATH.matcher(whole).matches()) {
      throw bad(
          text,
          "the repository '%s' is not lower-case letters and digits joined by . _ __ - and /"
              .formatted(path));
    }
    if (tag != null && !TAG.matcher(tag).matches()) {
      throw bad(text, "'" + tag + "' is not a tag: at most 128 letters, digits, _ . -");
    }
    return new Reference(domain, whole, tag == null && digest == null ? "latest" : tag, digest);
  }

  private static Digest digest(String text, String part) throws BadReferenceException {
    try {
      return Digest.parse(part);
    } catch (UnsafeContentException malformed) {
      throw new BadReferenceException(
          "read reference '%s': %s".formatted(text, malformed.getMessage()), malformed);
    }
  }

  private static BadReferenceException bad(String text, String why) {
    return new BadReferenceException("read reference '%s': %s".formatted(text, why));
  }

  /// Whether a text has the form of a host with an optional port, as it stands before a path.
  public static boolean isHost(String text) {
    return text.length() <= MAX_DOMAIN_LENGTH && DOMAIN.matcher(text).matches();
  }

  /// Whether a text has the form of a repository below a host, or of one of its parents.
  public static boolean isPath(String text) {
    return text.length() <= MAX_PATH_LENGTH && PATH.matcher(text).matches();
  }

  /// Host and path, without tag and digest: `docker.io/library/busybox`.
  public String repository() {
    return domain + "/" + path;
  }

  /// The same repository by digest; the tag is kept for display.
  public Reference withDigest(Digest value) {
    return new Reference(domain, path, tag, value);
  }

  /// What a registry is asked for: the digest when there is one, else the tag.
  public String tagOrDigest() {
    if (digest != null) {
      return digest.toString();
    }
    if (tag != null) {
      return tag;
    }
    throw new IllegalStateException("neither tag nor digest");
  }

  @Override
  public String toString() {
    return domain
        + "/"
        + path
        + (tag == null ? "" : ":" + tag)
        + (digest == null ? "" : "@" + digest);
  }
}
