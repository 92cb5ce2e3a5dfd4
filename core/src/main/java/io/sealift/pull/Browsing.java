package io.sealift.pull;

import io.sealift.browse.EntryText;
import io.sealift.browse.FileContent;
import io.sealift.browse.ImageListing;
import io.sealift.browse.ListingBuilder;
import io.sealift.failure.ImageException;
import io.sealift.failure.NotFoundException;
import io.sealift.failure.StoreException;
import io.sealift.oci.Descriptor;
import io.sealift.policy.Admitted;
import io.sealift.unpack.UnpackLimits;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
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
      int layer = index;
      jobs.add(job(layer, () -> listing.layer(layer)));
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
    try (HeldContent held = new HeldContent(content, limits.maxFileBytes())) {
      workers.run(List.of(job(content.layer(), held)));
      held.copyTo(out);
    } catch (IOException failed) {
      throw new StoreException("write the content: " + failed.getMessage(), failed);
    }
  }

  private LayerWorkers.Job job(int index, Landing landing) {
    Descriptor layer = image.image().layers().get(index);
    return new LayerWorkers.Job(
        layer,
        pipeline -> {
          progress.layer(index, layer, ProgressListener.Stage.FETCHING);
          pipeline.run(
              layer,
              image.image().config().diffIds().get(index),
              landing,
              Meter.of(progress, index));
          progress.layer(index, layer, ProgressListener.Stage.STORED);
        });
  }
}
