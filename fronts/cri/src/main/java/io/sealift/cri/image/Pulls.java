package io.sealift.cri.image;

import io.sealift.failure.ImageException;
import io.sealift.pull.ProgressListener;
import io.sealift.pull.StoredImage;
import io.sealift.service.Calls;
import io.sealift.service.ObservedPulls;
import java.io.InterruptedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/// The pulls that go on. Callers who want the same with the same rights share one; so many run at a
/// time, and others wait for their turn in the order they came. Thread-safe.
///
/// Who asks with other credentials has a pull of their own, which asks the registry itself whether
/// they may: it shares layers with others in the store, but no answer. So nobody has of another
/// what they could not have had alone.
public final class Pulls {

  private final ObservedPulls observed;
  private final Calls calls;
  private final Semaphore turns;
  private final Map<Key, SharedPull> running = new HashMap<>();

  /// @param turns pulls that work at a time
  /// @param calls waits for pulls when the daemon ends
  public Pulls(ObservedPulls observed, int turns, Calls calls) {
    this.observed = observed;
    this.turns = new Semaphore(turns, true);
    this.calls = calls;
  }

  /// What makes two pulls the same.
  ///
  /// @param image as the client named it
  /// @param caller tells callers with different rights apart
  /// @param settings number of the settings that it is made with
  public record Key(String image, Caller.Fingerprint caller, long settings) {}

  /// Brings an image into the store.
  @FunctionalInterface
  public interface Pull {
    StoredImage run(ProgressListener progress) throws ImageException, InterruptedIOException;
  }

  /// Waits for a pull: one like it that goes on, or else this.
  ///
  /// @param cancellation is given what ends the waiting, at once and from any thread
  /// @param done runs when this one is needed no more, whether it ran or not
  /// @throws InterruptedException when the caller went away, or this thread was interrupted
  public StoredImage run(Key key, Pull pull, Consumer<Runnable> cancellation, Runnable done)
      throws ImageException, InterruptedIOException, InterruptedException, Calls.EndingException {
    try (SharedPull.Place place = join(key, pull, done)) {
      cancellation.accept(place::leave);
      return switch (place.await()) {
        case SharedPull.Outcome.Done(StoredImage image) -> image;
        case SharedPull.Outcome.Failed(Throwable cause) -> throw thrown(cause);
      };
    }
  }

  /// What a pull threw, for one more thread to throw.
  private static ImageException thrown(Throwable cause)
      throws InterruptedIOException, InterruptedException {
    return switch (cause) {
      case ImageException failed -> failed;
      case InterruptedIOException interrupted -> throw interrupted;
      case InterruptedException interrupted -> throw interrupted;
      case RuntimeException defect -> throw defect;
      case Error error -> throw error;
      default -> throw new IllegalStateException(cause);
    };
  }

  private SharedPull.Place join(Key key, Pull pull, Runnable done) {
    synchronized (running) {
      SharedPull other = running.get(key);
      SharedPull.Place place = other == null ? null : other.join();
      if (place != null) {
        done.run();
        return place;
      }
      SharedPull own = new SharedPull(() -> work(key, pull));
      SharedPull.Place first = own.join();
      if (first == null) {
        throw new IllegalStateException("a pull that is over before it began");
      }
      running.put(key, own);
      own.start(() -> {
        forget(key, own);
        done.run();
      });
      return first;
    }
  }

  private void forget(Key key, SharedPull pull) {
    synchronized (running) {
      running.remove(key, pull);
    }
  }

  private StoredImage work(Key key, Pull pull)
      throws ImageException, InterruptedIOException, InterruptedException {
    try (Calls.Call _ = calls.beginPart()) {
      turns.acquire();
      try {
        return observed.store(key.image(), ProgressListener.NONE, pull::run);
      } finally {
        turns.release();
      }
    } catch (Calls.EndingException ending) {
      InterruptedIOException ended = new InterruptedIOException(ending.getMessage());
      ended.initCause(ending);
      throw ended;
    }
  }
}
