package io.sealift.telemetry;

import io.sealift.codec.JdkGzip;
import io.sealift.failure.ImageException;
import io.sealift.oci.ImageName;
import io.sealift.policy.Policy;
import io.sealift.pull.ImageClient;
import io.sealift.pull.ProgressListener;
import io.sealift.pull.PullRequest;
import io.sealift.pull.PullResult;
import io.sealift.service.LineFormat;
import io.sealift.service.Log;
import io.sealift.service.ObservedPulls;
import io.sealift.service.PullObserver;
import io.sealift.service.metrics.Metrics;
import io.sealift.source.LayoutSource;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.LayoutWriter;
import io.sealift.testing.TarBuilder;
import io.sealift.testing.snapshot.PlainSnapshotter;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/// Pulls as a daemon runs them, of an image of two layers in a layout, into one store.
final class TestPulls {

  static final String NAME = "registry.example/app:1";

  final BuiltImage image =
      new ImageBuilder()
          .layer(new TarBuilder().file("a", "1".repeat(5000)).build())
          .layer(new TarBuilder().file("b", "2").build())
          .build();

  private final Path directory;
  private final Path layout;
  private final ObservedPulls pulls;
  private int count;

  TestPulls(Path directory, PullObserver observer) throws Exception {
    this.directory = directory;
    layout = new LayoutWriter().add(image).writeTo(directory.resolve("layout"));
    Log log =
        new Log(
            OutputStream.nullOutputStream(),
            LineFormat.TEXT,
            Log.Level.ERROR,
            InstantSource.system());
    pulls = new ObservedPulls(log, new Metrics(), observer);
  }

  /// Loses a layer.
  TestPulls withoutLayer(int index) throws Exception {
    Files.delete(
        layout
            .resolve("blobs/sha256")
            .resolve(image.layers().get(index).descriptor().digest().hex()));
    return this;
  }

  PullResult pull(Policy policy) throws ImageException, InterruptedIOException {
    ImageClient client =
        ImageClient.builder()
            .sources(_ -> LayoutSource.directory(layout, null))
            .policy(policy)
            .snapshotter(new PlainSnapshotter())
            .workDir(directory.resolve("store"))
            .decompressors(List.of(new JdkGzip()))
            .build();
    PullRequest request =
        PullRequest.of(ImageName.parse("oci:" + layout), directory.resolve("bundle" + count++));
    return pulls.run(NAME, ProgressListener.NONE, progress -> client.pull(request, progress));
  }

  /// One that does this instead.
  void run(String image, ObservedPulls.Pull<PullResult> pull)
      throws ImageException, InterruptedIOException {
    var _ = pulls.run(image, ProgressListener.NONE, pull);
  }
}
