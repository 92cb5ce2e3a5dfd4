package io.sealift.source;

import io.sealift.failure.ImageException;
import io.sealift.failure.NotFoundException;
import io.sealift.failure.TransferException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;

/// A layout in a tar file. Its headers are read once, and files are then read where they lie in it.
final class ArchiveFiles implements LayoutFiles {

  private final Path file;
  private final Map<String, Extent> extents;

  private ArchiveFiles(Path file, Map<String, Extent> extents) {
    this.file = file;
    this.extents = extents;
  }

  /// Where a file lies in the archive.
  ///
  /// @param start offset of its first byte
  /// @param size its bytes
  record Extent(long start, long size) {}

  static ArchiveFiles index(Path file) throws ImageException {
    if (!Files.isRegularFile(file)) {
      throw new NotFoundException("open oci-archive:%s: no such file".formatted(file));
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return new ArchiveFiles(file, new ArchiveIndex(channel, file.toString()).read());
    } catch (IOException failed) {
      throw TransferException.lasting("open oci-archive:%s: %s".formatted(file, failed), failed);
    }
  }

  @Override
  public String place() {
    return "oci-archive:" + file;
  }

  @Override
  public Optional<BlobStream> open(String path, long offset) throws ImageException {
    Extent extent = extents.get(path);
    if (extent == null) {
      return Optional.empty();
    }
    try {
      FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
      long end = extent.start() + extent.size();
      return Optional.of(new FileBlob(file + " " + path, channel, extent.start() + offset, end));
    } catch (IOException failed) {
      throw TransferException.lasting("open %s: %s".formatted(file, failed), failed);
    }
  }

  @Override
  public void close() {}
}
