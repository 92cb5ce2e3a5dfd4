package io.sealift.source;

import io.sealift.failure.ImageException;
import io.sealift.failure.NotFoundException;
import io.sealift.failure.TransferException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/// A layout in a directory. Blobs may be symbolic links, as deduplicating tools make them: what
/// they lead to is checked by its digest like any other bytes, and whoever can write the directory
/// could put the bytes there as well.
final class DirectoryFiles implements LayoutFiles {

  private final Path directory;

  DirectoryFiles(Path directory) throws NotFoundException {
    if (!Files.isDirectory(directory)) {
      throw new NotFoundException("open oci:%s: no such directory".formatted(directory));
    }
    this.directory = directory;
  }

  @Override
  public String place() {
    return "oci:" + directory;
  }

  @Override
  public Optional<BlobStream> open(String path, long offset) throws ImageException {
    Path file = directory.resolve(path);
    try {
      if (!Files.isRegularFile(file)) {
        return Optional.empty();
      }
      FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
      return Optional.of(new FileBlob(file.toString(), channel, offset, channel.size()));
    } catch (NoSuchFileException gone) {
      return Optional.empty();
    } catch (IOException failed) {
      throw TransferException.lasting("open %s: %s".formatted(file, failed), failed);
    }
  }

  @Override
  public void close() {}
}
