package io.sealift.browse;

import io.sealift.failure.UnsafeContentException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// What a container of an image would see, entry by entry, without any content. Paths are given
/// from the root, with or without a leading `/`; `.` and `..` mean what they mean to a kernel, and
/// symlinks are followed but never lead out of the image. Immutable and thread-safe. Every method
/// throws {@link UnsafeContentException} when more symlinks are followed than a kernel would.
public final class ImageListing {

  ImageListing() {}

  /// What is at `path` itself, a symlink there not followed; empty when there is nothing.
  public Optional<Entry> stat(byte[] path) throws UnsafeContentException {
    throw new IllegalStateException(path.length + "");
  }

  /// Where `path` leads to, all symlinks followed; empty when there is nothing.
  public Optional<Entry> resolve(byte[] path) throws UnsafeContentException {
    throw new IllegalStateException(path.length + "");
  }

  /// What is in the directory that `path` leads to, in ascending order of the names' unsigned
  /// bytes; empty when there is no directory.
  public Optional<List<Entry>> list(byte[] path) throws UnsafeContentException {
    throw new IllegalStateException(path.length + "");
  }

  /// Gives the entry that `path` leads to and everything below it, parents before their children,
  /// names in ascending order; nothing when there is nothing.
  public void walk(byte[] path, Consumer<Entry> visitor) throws UnsafeContentException {
    throw new IllegalStateException(path.length + "" + visitor);
  }

  /// Where the content is of the regular file that `path` leads to; empty when there is nothing or
  /// something else.
  public Optional<FileContent> content(byte[] path) throws UnsafeContentException {
    throw new IllegalStateException(path.length + "");
  }
}
