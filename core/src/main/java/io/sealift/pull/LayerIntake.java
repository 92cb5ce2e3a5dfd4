package io.sealift.pull;

import io.sealift.crypt.Decryption;
import io.sealift.failure.ImageException;
import io.sealift.oci.Descriptor;
import io.sealift.oci.DiffId;
import io.sealift.policy.Admitted;
import io.sealift.pull.StageTimes.Stage;
import io.sealift.snapshot.Snapshotter;
import io.sealift.source.Resolved;
import io.sealift.store.LayerLease;
import io.sealift.store.Room;
import io.sealift.store.Store;
import io.sealift.store.StoredLayer;
import io.sealift.unpack.TreeSink;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Brings the layers of one admitted image into the store. A layer that the manifest repeats is
/// brought in once; one that the store has is taken as it is, because everything about it was
/// proved when it was committed.
///
/// The key of an encrypted layer is opened every time. What is in the store under a diff_id is
/// given only to who could have brought it: diff_ids are no secret, so an image of anybody can name
/// that of a layer that came encrypted. Such a layer has to come again, with its own key or plain,
/// and is proved.
final class LayerIntake {

  private final Store store;
  private final Room room;
  private final Snapshotter snapshotter;
  private final LayerWorkers workers;
  private final ProgressListener progress;
  private final long start = System.nanoTime();

  /// @param room for the layers of the image that is to come
  LayerIntake(
      Store store,
      Room room,
      Snapshotter snapshotter,
      LayerWorkers workers,
      ProgressListener progress) {
    this.store = store;
    this.room = room;
    this.snapshotter = snapshotter;
    this.workers = workers;
    this.progress = progress;
  }

  /// @return a report for each layer of the manifest, base first, repeats kept
  List<LayerReport> run(Admitted admitted) throws ImageException, InterruptedIOException {
    Resolved image = admitted.image();
    List<DiffId> diffIds = image.config().diffIds();
    Map<DiffId, LayerReport> reports = new ConcurrentHashMap<>();
    List<LayerWorkers.Job> jobs = new ArrayList<>();
    for (int i = 0; i < diffIds.size(); i++) {
      Wanted wanted = new Wanted(i, image.layers().get(i), diffIds.get(i));
      stage(wanted, ProgressListener.Stage.WAITING);
      if (diffIds.indexOf(wanted.diffId()) == i) {
        room.expect(wanted.diffId(), wanted.layer().size());
        jobs.add(
            new LayerWorkers.Job(
                wanted.layer(),
                pipeline -> reports.put(wanted.diffId(), bringIn(wanted, pipeline))));
      }
    }
    room.require();
    workers.run(jobs);
    return diffIds.stream().map(diffId -> Objects.requireNonNull(reports.get(diffId))).toList();
  }

  /// A layer to bring in, and its first place in the manifest.
  private record Wanted(int index, Descriptor layer, DiffId diffId) {}

  private LayerReport bringIn(Wanted wanted, LayerPipeline pipeline)
      throws ImageException, InterruptedIOException {
    long began = System.nanoTime();
    StageTimes.Clock clock = new StageTimes.Clock(progress, wanted.index());
    try (Decryption decryption = unlock(wanted, pipeline, clock);
        LayerLease lease =
            store.lease(
                wanted.diffId(), () -> stage(wanted, ProgressListener.Stage.WAITING_FOR_OTHER))) {
      String seal = decryption == null ? null : decryption.seal();
      StoredLayer present = lease.present().orElse(null);
      if (present != null && Objects.equals(present.seal(), seal)) {
        stage(wanted, ProgressListener.Stage.CACHED);
        return report(wanted, present, true, "none", began, clock);
      }
      try (Room.Growth growth = room.begin(wanted.diffId(), present != null)) {
        stage(wanted, ProgressListener.Stage.FETCHING);
        LayerPipeline.Arrived arrived = fetch(wanted, decryption, lease, growth, pipeline, clock);
        long arrival = System.nanoTime();
        stage(wanted, ProgressListener.Stage.COMMITTING);
        StoredLayer stored = present;
        if (stored == null) {
          stored = lease.commit(arrived.summary(), arrived.tarBytes(), seal);
          growth.committed(arrived.tarBytes());
        }
        clock.add(Stage.COMMIT, arrival);
        stage(wanted, ProgressListener.Stage.STORED);
        return report(wanted, stored, false, arrived.decompressor(), began, clock);
      }
    }
  }

  private static @Nullable Decryption unlock(
      Wanted wanted, LayerPipeline pipeline, StageTimes.Clock clock)
      throws ImageException, InterruptedIOException {
    long began = System.nanoTime();
    Decryption decryption = pipeline.unlock(wanted.layer());
    if (decryption != null) {
      clock.add(Stage.UNLOCK, began);
    }
    return decryption;
  }

  private LayerPipeline.Arrived fetch(
      Wanted wanted,
      @Nullable Decryption decryption,
      LayerLease lease,
      Room.Growth growth,
      LayerPipeline pipeline,
      StageTimes.Clock clock)
      throws ImageException, InterruptedIOException {
    Landing landing =
        new Landing() {
          @Override
          public TreeSink begin() throws ImageException {
            lease.discard();
            return snapshotter.sink(lease.tree());
          }

          @Override
          public OutputStream split() throws ImageException {
            return lease.split();
          }

          @Override
          public void grow(long tarBytes) throws ImageException {
            growth.to(tarBytes);
          }
        };
    return pipeline.run(
        wanted.layer(), decryption, wanted.diffId(), landing, meter(wanted, growth), clock);
  }

  private Meter meter(Wanted wanted, Room.Growth growth) {
    Meter telling = Meter.of(progress, wanted.index());
    return new Meter() {
      @Override
      public void fetched(long bytes) {
        telling.fetched(bytes);
      }

      @Override
      public void unpacked(long bytes) {
        growth.written(bytes);
        telling.unpacked(bytes);
      }

      @Override
      public void again(String why) {
        telling.again(why);
      }
    };
  }

  private LayerReport report(
      Wanted wanted,
      StoredLayer stored,
      boolean cached,
      String decompressor,
      long began,
      StageTimes.Clock clock) {
    return new LayerReport(
        wanted.layer(),
        stored,
        cached,
        decompressor,
        Duration.ofNanos(began - start),
        Duration.ofNanos(System.nanoTime() - began),
        clock.times());
  }

  private void stage(Wanted wanted, ProgressListener.Stage stage) {
    progress.layer(wanted.index(), wanted.layer(), stage);
  }
}
