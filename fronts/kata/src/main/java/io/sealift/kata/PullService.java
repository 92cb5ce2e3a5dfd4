package io.sealift.kata;

import static io.sealift.service.Log.field;

import io.sealift.bundle.BundleOptions;
import io.sealift.failure.BadReferenceException;
import io.sealift.failure.ImageException;
import io.sealift.oci.Digest;
import io.sealift.oci.Platform;
import io.sealift.policy.Admitted;
import io.sealift.pull.ProgressListener;
import io.sealift.pull.PullRequest;
import io.sealift.service.Log;
import io.sealift.service.ObservedPulls;
import io.sealift.wire.ProtoException;
import io.sealift.wire.Request;
import io.sealift.wire.TtrpcException;
import io.sealift.wire.Undoable;
import io.sealift.wire.guest.Messages;
import java.io.InterruptedIOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/// Answers `api.ImagePullService/PullImage`: brings an image into a directory and tells the digest
/// of its manifest, that of the platform. Pulls go on side by side, as many as allowed; others wait
/// in the order they came, and none is told anything before its turn. A pull that fails, or whose
/// answer reaches nobody, leaves nothing in the directory; what came whole stays in the store.
final class PullService implements Undoable {

  private final Supplier<Guest> guest;
  private final Scratch scratch;
  private final Measurements measurements;
  private final ObservedPulls pulls;
  private final Semaphore turns;
  private final Log log;

  /// @param guest as it is set now
  /// @param turns pulls that may go on at once
  PullService(
      Supplier<Guest> guest,
      Scratch scratch,
      Measurements measurements,
      ObservedPulls pulls,
      int turns,
      Log log) {
    this.guest = guest;
    this.scratch = scratch;
    this.measurements = measurements;
    this.pulls = pulls;
    this.turns = new Semaphore(turns, true);
    this.log = log;
  }

  @Override
  public Done answer(Request request)
      throws TtrpcException, ProtoException, InterruptedIOException, InterruptedException {
    var asked = io.sealift.wire.guest.PullRequest.decode(request.payload());
    turns.acquire();
    try {
      return pull(asked.imageUrl(), asked.bundlePath());
    } catch (ImageException failed) {
      throw ServiceCalls.error(failed.getMessage());
    } finally {
      turns.release();
    }
  }

  private Done pull(String image, String bundle) throws ImageException, InterruptedIOException {
    Guest now = guest.get();
    Path directory = directory(bundle);
    scratch.prepare(now.assembly().workDir());
    PullRequest request =
        new PullRequest(now.named(image), directory, Platform.host(), BundleOptions.DEFAULT);
    Optional<Admitted> standing = now.client().standing(request, ProgressListener.NONE);
    if (standing.isPresent()) {
      Digest manifest = standing.get().image().manifestDigest();
      log.info("bundle stands already", field("image", image), field("bundle", directory));
      measurements.pulled(image, manifest);
      return new Done(Messages.ofText(manifest.toString()), null);
    }
    return make(now, image, request);
  }

  private Done make(Guest now, String image, PullRequest request)
      throws ImageException, InterruptedIOException {
    BundlePlace place = BundlePlace.before(request.bundle());
    Digest manifest =
        pulls
            .run(image, ProgressListener.NONE, progress -> now.client().pull(request, progress))
            .image()
            .image()
            .manifestDigest();
    boolean done = false;
    try {
      measurements.pulled(image, manifest);
      done = true;
    } finally {
      if (!done) {
        undisturbed(() -> undo(now, place));
      }
    }
    return new Done(Messages.ofText(manifest.toString()), () -> undo(now, place));
  }

  /// Runs on a thread that nobody knows, and so nobody interrupts; this one waits for its end.
  private static void undisturbed(Runnable task) {
    Thread thread = Thread.ofVirtual().name("undo").start(task);
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException again) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void undo(Guest now, BundlePlace place) {
    try {
      place.restore(now.assembly().workDir(), now.assembly().snapshotter());
      log.info("pull was undone", field("bundle", place.bundle().directory()));
    } catch (ImageException failed) {
      log.failed("pull could not be undone", failed);
    } catch (InterruptedIOException interrupted) {
      log.warn(
          "pull could not be undone",
          field("bundle", place.bundle().directory()),
          field("message", interrupted.getMessage()));
    }
  }

  private static Path directory(String text) throws BadReferenceException {
    try {
      Path path = Path.of(text);
      if (path.isAbsolute() && path.normalize().equals(path) && path.getNameCount() > 0) {
        return path;
      }
    } catch (InvalidPathException malformed) {
      throw noDirectory(malformed.getReason());
    }
    throw noDirectory("expected an absolute path without '..'");
  }

  private static BadReferenceException noDirectory(String why) {
    return new BadReferenceException("read bundle_path: %s".formatted(why));
  }
}
