package io.sealift.testing;

import io.sealift.failure.UnsafeContentException;
import io.sealift.oci.Descriptor;
import io.sealift.oci.Digest;
import io.sealift.oci.MediaType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// An image or an index of images with all that belongs to it, ready to be pushed or stored.
///
/// @param document its manifest or index
/// @param blobs config and layers; of an index, none
/// @param children what an index names
public record BuiltImage(BuiltBlob document, List<BuiltBlob> blobs, List<BuiltImage> children) {

  public BuiltImage {
    blobs = List.copyOf(blobs);
    children = List.copyOf(children);
  }

  /// A document of these very bytes, with nothing behind it.
  public static BuiltImage ofDocument(MediaType mediaType, byte[] bytes) {
    return new BuiltImage(BuiltBlob.of(mediaType, bytes), List.of(), List.of());
  }

  /// The digest of manifest or index.
  public Digest digest() {
    try {
      return Digest.parse(document.digest());
    } catch (UnsafeContentException malformed) {
      throw new IllegalStateException(malformed);
    }
  }

  /// The descriptor of manifest or index.
  public Descriptor descriptor() {
    try {
      return document.descriptor();
    } catch (UnsafeContentException malformed) {
      throw new IllegalStateException(malformed);
    }
  }

  /// The same image under another description.
  public BuiltImage document(BuiltBlob value) {
    return new BuiltImage(value, blobs, children);
  }

  /// The layers, base first.
  public List<BuiltBlob> layers() {
    return blobs.subList(Math.min(1, blobs.size()), blobs.size());
  }

  /// Manifests and indexes, this one and all below it.
  List<BuiltBlob> documents() {
    List<BuiltBlob> all = new ArrayList<>(List.of(document));
    children.forEach(child -> all.addAll(child.documents()));
    return all;
  }

  /// The bytes of everything by the digest under which it is named.
  Map<String, byte[]> contents() {
    Map<String, byte[]> contents = new LinkedHashMap<>();
    contents.put(document.digest(), document.bytes());
    blobs.forEach(blob -> contents.put(blob.digest(), blob.bytes()));
    children.forEach(child -> contents.putAll(child.contents()));
    return contents;
  }
}
