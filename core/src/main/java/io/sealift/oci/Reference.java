package io.sealift.oci;

import org.jspecify.annotations.Nullable;

/// The normalised name of an image in a registry: `domain/path[:tag][@digest]`
/// (distribution/reference grammar). At least one of tag and digest is there; with both, the digest
/// decides what is fetched.
///
/// @param domain host with optional port; `docker.io` for Docker Hub
/// @param path repository without the domain, such as `library/busybox`
public record Reference(String domain, String path, @Nullable String tag, @Nullable Digest digest) {

  @Override
  public String toString() {
    return domain
        + "/"
        + path
        + (tag == null ? "" : ":" + tag)
        + (digest == null ? "" : "@" + digest);
  }
}
