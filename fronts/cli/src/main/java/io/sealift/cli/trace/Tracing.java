package io.sealift.cli.trace;

import io.sealift.failure.StoreException;
import io.sealift.pull.ProgressListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The trace of one pull, when one was asked for; otherwise nothing is taken down.
public final class Tracing {

  /// Null when none was asked for.
  private final @Nullable Path file;

  private @Nullable Recording recording;

  private Tracing(@Nullable Path file) {
    this.file = file;
  }

  /// @param file where the page goes; null for none
  /// @throws StoreException when the file cannot be written, which is said before the pull
  public static Tracing to(@Nullable Path file) throws StoreException {
    if (file != null) {
      write(file, "");
    }
    return new Tracing(file);
  }

  /// Begins, and listens.
  ///
  /// @param next is told the same
  public ProgressListener begin(String image, ProgressListener next) {
    if (file == null) {
      return next;
    }
    recording = new Recording(image, next, System::nanoTime);
    return recording;
  }

  /// Ends, and writes the page.
  ///
  /// @param failure why the pull failed; null when it is done
  public void end(@Nullable String failure) throws StoreException {
    if (file != null && recording != null) {
      write(file, TracePage.of(recording.end(failure)));
    }
  }

  private static void write(Path file, String page) throws StoreException {
    try {
      Files.writeString(file, page);
    } catch (IOException failed) {
      throw new StoreException("write --trace %s: %s".formatted(file, failed.getMessage()), failed);
    }
  }
}
