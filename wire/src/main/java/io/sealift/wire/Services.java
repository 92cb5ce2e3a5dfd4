package io.sealift.wire;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a server answers: handlers by service and method. Immutable; made by {@link #builder}.
public final class Services {

  private final Map<String, Map<String, Undoable>> services;
  private final @Nullable Undoable others;

  private Services(Map<String, Map<String, Undoable>> services, @Nullable Undoable others) {
    this.services = services;
    this.others = others;
  }

  public static Builder builder() {
    return new Builder();
  }

  /// The codes are those of servers in Rust, which guests have (ttrpc-rust,
  /// `src/asynchronous/server.rs`); servers in Go say `UNIMPLEMENTED` of both.
  ///
  /// @throws TtrpcException with {@link Code#INVALID_ARGUMENT} when there is no such service, with
  ///   {@link Code#UNIMPLEMENTED} when it has no such method
  Undoable find(String service, String method) throws TtrpcException {
    Map<String, Undoable> methods = services.get(service);
    if (methods == null) {
      if (others != null) {
        return others;
      }
      throw new TtrpcException(Code.INVALID_ARGUMENT, "service " + service + " is not served");
    }
    Undoable handler = methods.get(method);
    if (handler == null) {
      throw new TtrpcException(
          Code.UNIMPLEMENTED, "method %s/%s is not served".formatted(service, method));
    }
    return handler;
  }

  /// Collects handlers.
  public static final class Builder {

    private final Map<String, Map<String, Undoable>> services = new HashMap<>();
    private @Nullable Undoable others;

    private Builder() {}

    /// @param service `package.Service`
    /// @throws IllegalArgumentException when the method has a handler
    public Builder add(String service, String method, Handler handler) {
      return addUndoable(service, method, withoutUndoing(handler));
    }

    /// The same for a method whose work is undone when its answer reaches nobody.
    public Builder addUndoable(String service, String method, Undoable handler) {
      Map<String, Undoable> methods = services.computeIfAbsent(service, name -> new HashMap<>());
      if (methods.putIfAbsent(method, handler) != null) {
        throw new IllegalArgumentException("%s/%s has two handlers".formatted(service, method));
      }
      return this;
    }

    /// Names what answers the calls of all other services.
    public Builder others(Handler handler) {
      others = withoutUndoing(handler);
      return this;
    }

    private static Undoable withoutUndoing(Handler handler) {
      return request -> new Undoable.Done(handler.answer(request), null);
    }

    public Services build() {
      return new Services(Map.copyOf(services), others);
    }
  }
}
