package io.sealift.cri.message;

import io.sealift.wire.ProtoWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An image as it is told of.
///
/// @param id the digest of its config, with the algorithm
/// @param repoTags its names by tag, with the registry
/// @param repoDigests its names by the digest of what was found there, an index or a manifest
/// @param size bytes of manifest, config and layers as they came; never 0, which clients take for a
///   fault
/// @param uid the user that its containers run as, when the image says it by number; null otherwise
/// @param username the same, when the image says it by name; empty otherwise
/// @param pinned whether it is to stay when room is made
public record Image(
    String id,
    List<String> repoTags,
    List<String> repoDigests,
    long size,
    @Nullable Long uid,
    String username,
    boolean pinned) {

  public Image {
    if (id.isEmpty() || size <= 0) {
      throw new IllegalArgumentException("an image without an id, or without bytes");
    }
    repoTags = List.copyOf(repoTags);
    repoDigests = List.copyOf(repoDigests);
  }

  byte[] encode() {
    ProtoWriter message = new ProtoWriter().text(1, id);
    repoTags.forEach(tag -> message.element(2, tag));
    repoDigests.forEach(digest -> message.element(3, digest));
    message.number(4, size);
    if (uid != null) {
      message.message(5, new ProtoWriter().number(1, uid).toBytes());
    }
    return message.text(6, username).number(8, pinned ? 1 : 0).toBytes();
  }
}
