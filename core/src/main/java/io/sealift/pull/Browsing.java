package io.sealift.pull;

import io.sealift.browse.EntryText;
import io.sealift.browse.FileContent;
import io.sealift.browse.FileExtractor;
import io.sealift.browse.ImageListing;
import io.sealift.browse.ListingBuilder;
import io.sealift.failure.ImageException;
import io.sealift.failure.NotFoundException;
import io.sealift.failure.StoreException;
import io.sealift.oci.Descriptor;
import io.sealift.policy.Admitted;
import io.sealift.unpack.TreeSink;
import io.sealift.unpack.UnpackLimits;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// Looks into one admitted image by letting its layers stream by.
final class Browsing {

  private final Admitted image;
  private final LayerWorkers workers;
  private final UnpackLimits limits;
  private final ProgressListener progress;

  Browsing(Admitted image, LayerWorkers workers, UnpackLimits limits, ProgressListener progress) {
    this.image = image;
    this.workers = workers;
    this.limits = limits;
    this.progress = progress;
  }

  ImageListing list() throws ImageException, InterruptedIOException {
    int layers = image.image().layers().size();
    ListingBuilder listing = new ListingBuilder(layers);
    List<LayerWorkers.Job> jobs = new ArrayList<>();
    for (int index = 0; index < layers; index++) {
      jobs.add(job(index, listing.layer(index)));
    }
    workers.run(jobs);
    return listing.build();
  }

  /// Keeps the content in a temporary file until the whole layer that holds it was proved.
  void cat(byte[] path, OutputStream out) throws ImageException, InterruptedIOException {
    FileContent content =
        list()
            .content(path)
            .orElseThrow(() ->
                new NotFoundException(
                    "read %s of %s: no such regular file"
                        .formatted(EntryText.printable(path), image.image().name())));
    try {
      Path file = Files.createTempFile("sealift-", ".content");
      try (FileChannel channel =
          FileChannel.open(
              file,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE)) {
        workers.run(
            List.of(
                job(content.layer(), new FileExtractor(content, channel, limits.maxFileBytes()))));
        Channels.newInputStream(channel.position(0)).transferTo(out);
        out.flush();
      }
    } catch (IOException failed) {
      throw new StoreException("write the content: " + failed.getMessage(), failed);
    }
  }

  private LayerWorkers.Job job(int index, TreeSink sink) {
    Descriptor layer = image.image().layers().get(index);
    return new LayerWorkers.Job(
        layer,
        pipeline -> {
          progress.layer(index, layer, ProgressListener.Stage.FETCHING);
          try (sink) {
            pipeline.run(
                layer,
                image.image().config().diffIds().get(index),
                sink,
                OutputStream.nullOutputStream(),
                LayerPipeline.Meter.of(progress, index));
          }
          progress.layer(index, layer, ProgressListener.Stage.STORED);
        });
  }
}
