package io.sealift.kata;

import io.sealift.service.Calls;
import io.sealift.wire.Code;
import io.sealift.wire.Forward;
import io.sealift.wire.Handler;
import io.sealift.wire.Request;
import io.sealift.wire.Services;
import io.sealift.wire.TtrpcException;
import io.sealift.wire.Undoable;
import io.sealift.wire.guest.DataHub;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What of a data hub's services is answered here, and what is passed on to a hub behind.
///
/// | call | with a hub behind | without |
/// |---|---|---|
/// | `PullImage` | answered here | answered here |
/// | `GetResource`, `UnsealSecret`, `SecureMount`, `UnWrapKey` | passed on | fail |
/// | `WrapKey` | passed on | not supported, in the hub's words |
/// | other services | passed on | unknown |
///
/// Once the daemon was told to end no call begins: `UNAVAILABLE`.
final class ServiceCalls {

  /// What errors of a data hub begin with; the kubelet shows them so.
  private static final String ERROR = "[CDH] [ERROR]: ";

  /// For a hub that listens but accepts no connection.
  private static final Duration CONNECT = Duration.ofSeconds(10);

  private final Calls calls;

  /// @param calls are told of every call that goes on
  ServiceCalls(Calls calls) {
    this.calls = calls;
  }

  /// @param hub the socket of the hub behind; null for none
  Services services(Undoable pull, @Nullable Path hub) {
    Services.Builder services =
        Services.builder()
            .addUndoable(DataHub.IMAGE_PULL_SERVICE, DataHub.PULL_IMAGE, counted(pull));
    return hub == null ? alone(services) : services.others(passedOn(hub)).build();
  }

  private Undoable counted(Undoable handler) {
    return request -> {
      try (Calls.Call _ = begin()) {
        return handler.answer(request);
      }
    };
  }

  private Calls.Call begin() throws TtrpcException {
    try {
      return calls.begin();
    } catch (Calls.EndingException ending) {
      throw new TtrpcException(Code.UNAVAILABLE, String.valueOf(ending.getMessage()), ending);
    }
  }

  private static Services alone(Services.Builder services) {
    Handler fails =
        request -> {
          throw error(
              request.method()
                  + " is a data hub's affair, and none is behind this daemon; name its socket with --hub");
        };
    return services
        .add(DataHub.RESOURCE_SERVICE, DataHub.GET_RESOURCE, fails)
        .add(DataHub.SEALED_SECRET_SERVICE, DataHub.UNSEAL_SECRET, fails)
        .add(DataHub.SECURE_MOUNT_SERVICE, DataHub.SECURE_MOUNT, fails)
        .add(DataHub.KEY_PROVIDER_SERVICE, DataHub.UNWRAP_KEY, fails)
        .add(
            DataHub.KEY_PROVIDER_SERVICE,
            DataHub.WRAP_KEY,
            request -> {
              throw new TtrpcException(Code.NOT_FOUND, "/%s is not supported".formatted(request));
            })
        .build();
  }

  /// That no hub is there is a failure as a hub would tell of one.
  private Handler passedOn(Path hub) {
    Forward forward = new Forward(hub, CONNECT);
    return (Request request) -> {
      try (Calls.Call _ = begin()) {
        return forward.answer(request);
      } catch (TtrpcException failed) {
        throw failed.code() == Code.UNAVAILABLE
            ? error("the data hub behind this daemon: " + failed.reason())
            : failed;
      }
    };
  }

  /// A failure as data hubs tell of it.
  static TtrpcException error(String message) {
    return new TtrpcException(Code.INTERNAL, ERROR + message);
  }
}
