package io.sealift.unpack;

import io.sealift.failure.ImageException;
import io.sealift.failure.UnsafeContentException;
import java.io.InterruptedIOException;
import java.io.OutputStream;

/// Reads a layer's tar and tells a {@link TreeSink} what it holds. Immutable and thread-safe.
///
/// | name or entry | outcome |
/// |---|---|
/// | `/`, `./` or `.` before or in a name, `/` after it | dropped |
/// | `..` in a name or hard link, NUL | refused |
/// | root (`.`, `./`, `/`) | a directory sets the root's attributes, all else is refused |
/// | `.wh.NAME` of any type | whiteout of `NAME` |
/// | `.wh..wh..opq` of any type | its directory is opaque |
/// | a component that begins with `.wh..wh.` otherwise | passed over: bookkeeping of aufs |
/// | `.wh.`, `.wh..`, `.wh...`, an entry below `.wh.NAME` | refused |
/// | character device 0:0 | refused: it would be a whiteout |
/// | hard link to itself, to the root or to a whiteout | refused |
/// | extended attributes `trusted.overlay.*`, `user.overlay.*` | refused: they would steer overlayfs |
/// | other `trusted.*`, `security.selinux`, `system.nfs4_acl`, unknown namespaces | left out |
/// | times before 1901 or after 2446 | moved to the nearest that every file system keeps |
public final class Unpacker {

  private final UnpackLimits limits;

  public Unpacker(UnpackLimits limits) {
    this.limits = limits;
  }

  /// Unpacks one layer and finishes the sink. The input is read to its end, also what follows the
  /// end of the archive, so that a digest taken of it covers everything. On failure the sink is
  /// left unfinished; sink and split are closed by the caller in any case.
  ///
  /// @param split receives what of the tar is not file content (see {@link TarSplit}); flushed at
  ///   the end
  /// @throws UnsafeContentException when the tar is malformed, ambiguous or dangerous, or passes a
  ///   bound
  public TreeSummary unpack(TarInput input, TreeSink sink, OutputStream split)
      throws ImageException, InterruptedIOException {
    SplitWriter writer = new SplitWriter(split);
    new Unpacking(input, sink, writer, limits).run();
    writer.finish();
    return sink.finish();
  }
}
