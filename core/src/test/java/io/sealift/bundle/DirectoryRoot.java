package io.sealift.bundle;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.snapshot.FileStat;
import io.sealift.snapshot.RootFiles;
import io.sealift.unpack.LayerPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A root of plain files that nobody attacks.
final class DirectoryRoot implements RootFiles {

  private final Path directory;

  DirectoryRoot(Path directory) {
    this.directory = directory;
  }

  @Override
  public Optional<byte[]> read(LayerPath path, int maxBytes)
      throws StoreException, UnsafeContentException {
    Path file = resolve(path);
    try {
      if (!Files.isRegularFile(file)) {
        return Optional.empty();
      }
      if (Files.size(file) > maxBytes) {
        throw new UnsafeContentException("read %s: more than %d bytes".formatted(path, maxBytes));
      }
      return Optional.of(Files.readAllBytes(file));
    } catch (IOException failed) {
      throw new StoreException("read " + file, failed);
    }
  }

  @Override
  public void makeDirectories(LayerPath path) throws StoreException, UnsafeContentException {
    Path target = resolve(path);
    if (Files.exists(target) && !Files.isDirectory(target)) {
      throw new UnsafeContentException(
          "make directory %s: something else is there".formatted(path));
    }
    try {
      Files.createDirectories(target);
    } catch (IOException failed) {
      throw new StoreException("make " + target, failed);
    }
  }

  private Path resolve(LayerPath path) {
    String text = new String(path.bytes(), StandardCharsets.UTF_8);
    return directory.resolve(text.replaceFirst("^/+", ""));
  }

  @Override
  public Optional<FileStat> stat(LayerPath path) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<Extension> extension(LayerPath path) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<Content> content(LayerPath path) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<byte[]> link(LayerPath path) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<List<byte[]>> names(LayerPath path) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
