package io.sealift.unpack;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import java.nio.ByteBuffer;

/// What one layer is written into: a directory tree, an image file, memory. Driven by one {@link
/// Unpacker} on one thread: any number of entries, then {@link #finish} once, or {@link #close}
/// without it, which leaves a tree that nobody may use.
///
/// Rules that every sink keeps (OCI image specification, layer.md, and the contract suite):
///
/// | situation | outcome |
/// |---|---|
/// | parents that are missing | made as *implied* directories, 0755 0:0; an entry that comes later for one gives it its attributes |
/// | a parent that is a symlink of this layer | followed, confined to the root of the layer |
/// | a parent that is another non-directory | replaced by an implied directory |
/// | directory over directory | children stay, attributes are replaced |
/// | any other entry over an existing one | the old one is removed with all below it |
/// | directory, also an implied one, over anything else, or over a whiteout | opaque, and not implied: what it replaces had replaced what lower layers have |
/// | whiteout of a name that this layer has | the entry wins; a directory becomes opaque, and is not implied |
/// | opaque directory | hides what lower layers have in it; entries of this layer stay, whatever the order |
/// | hard link to an entry that comes later | made at {@link #finish} |
/// | hard link to something this layer lacks | kept as a *pending link* for whoever stacks the layers |
/// | times of directories | as given, whatever is written into them afterwards |
///
/// An entry for the root ({@link LayerPath#ROOT}) is only ever a directory.
public interface TreeSink extends AutoCloseable {

  void directory(LayerPath path, Attributes attributes)
      throws StoreException, UnsafeContentException;

  /// Begins a regular file of `size` bytes, which are zeros until {@link Body#write} says
  /// otherwise. The body is closed before the next entry begins.
  Body file(LayerPath path, Attributes attributes, long size)
      throws StoreException, UnsafeContentException;

  /// @param target the link's text, stored as it is, never followed while unpacking
  void symlink(LayerPath path, byte[] target, Attributes attributes)
      throws StoreException, UnsafeContentException;

  /// A further name of an entry of this or a lower layer. A symlink as target is linked itself, not
  /// followed.
  void hardLink(LayerPath path, LayerPath target) throws StoreException, UnsafeContentException;

  void fifo(LayerPath path, Attributes attributes) throws StoreException, UnsafeContentException;

  void device(LayerPath path, DeviceKind kind, int major, int minor, Attributes attributes)
      throws StoreException, UnsafeContentException;

  /// Hides `path` of the layers below.
  void whiteout(LayerPath path) throws StoreException, UnsafeContentException;

  /// Hides everything that the layers below have in the directory `path`.
  void opaque(LayerPath path) throws StoreException, UnsafeContentException;

  /// Ends the layer: deferred links are made, directories get their times.
  TreeSummary finish() throws StoreException, UnsafeContentException;

  /// Lets go of everything; without {@link #finish} before it, the tree is not whole.
  @Override
  void close();

  /// The content of the file that was begun last.
  interface Body extends AutoCloseable {

    /// Writes the buffer's remaining bytes at `offset`; offsets never go down.
    void write(ByteBuffer bytes, long offset) throws StoreException;

    /// Sets the file's attributes and ends it.
    @Override
    void close() throws StoreException;
  }

  enum DeviceKind {
    CHARACTER,
    BLOCK
  }
}
