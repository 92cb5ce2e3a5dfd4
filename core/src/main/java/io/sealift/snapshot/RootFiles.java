package io.sealift.snapshot;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.unpack.Attributes.Xattr;
import io.sealift.unpack.LayerPath;
import io.sealift.unpack.TarSplit;
import java.util.List;
import java.util.Optional;

/// A stacked root file system, or one layer's tree, seen from inside: symlinks are followed, but
/// never out of it; where a method says so, one that is the last component is not. From {@link
/// Snapshotter#open} until {@link #close}. For one thread at a time. What may not be read here, but
/// is there, is a {@link io.sealift.failure.DeniedException}.
public interface RootFiles extends AutoCloseable {

  /// The content of a regular file; empty when there is none, or when the path leads to something
  /// else.
  ///
  /// @throws UnsafeContentException when the file has more than `maxBytes`
  Optional<byte[]> read(LayerPath path, int maxBytes) throws StoreException, UnsafeContentException;

  /// What is at `path` itself, a symlink not followed; empty when there is nothing.
  Optional<FileStat> stat(LayerPath path) throws StoreException;

  /// What is kept of `path` itself besides that; empty when there is nothing.
  Optional<Extension> extension(LayerPath path) throws StoreException;

  /// Opens the regular file at `path` itself, a symlink not followed; empty when there is nothing
  /// or something else. The caller closes it, before this.
  Optional<Content> content(LayerPath path) throws StoreException;

  /// The text of the symlink at `path`; empty when there is nothing or something else.
  Optional<byte[]> link(LayerPath path) throws StoreException;

  /// The names in the directory `path`, in ascending order of their unsigned bytes; empty when
  /// there is no directory.
  Optional<List<byte[]>> names(LayerPath path) throws StoreException;

  /// Makes a directory with its missing parents, 0755 and owned by 0:0; nothing happens when it is
  /// there.
  ///
  /// @throws UnsafeContentException when something that is no directory is in the way
  void makeDirectories(LayerPath path) throws StoreException, UnsafeContentException;

  @Override
  void close();

  /// What a layer's tree has of an entry in extended attributes.
  ///
  /// @param xattrs all that are seen, but those that mark layers
  /// @param opaque whether it is a directory that hides what lower layers have in it
  record Extension(List<Xattr> xattrs, boolean opaque) {

    public Extension {
      xattrs = List.copyOf(xattrs);
    }
  }

  /// A regular file's bytes.
  interface Content extends TarSplit.FileContent {

    /// Whether all bytes from one offset to another are zeros; beyond the end there are nothing but
    /// zeros. Holes take no time, however large.
    boolean isZero(long from, long to) throws StoreException;
  }
}
