package io.sealift.wire;

import java.util.HashMap;
import java.util.Map;

/// What a server answers: handlers by service and method. Immutable; made by {@link #builder}.
public final class Services {

  private final Map<String, Map<String, Handler>> services;

  private Services(Map<String, Map<String, Handler>> services) {
    this.services = services;
  }

  public static Builder builder() {
    return new Builder();
  }

  /// @throws TtrpcException with {@link Code#UNIMPLEMENTED} when there is none
  Handler find(String service, String method) throws TtrpcException {
    Map<String, Handler> methods = services.get(service);
    if (methods == null) {
      throw new TtrpcException(Code.UNIMPLEMENTED, "service " + service + " is not served");
    }
    Handler handler = methods.get(method);
    if (handler == null) {
      throw new TtrpcException(
          Code.UNIMPLEMENTED, "method %s/%s is not served".formatted(service, method));
    }
    return handler;
  }

  /// Collects handlers.
  public static final class Builder {

    private final Map<String, Map<String, Handler>> services = new HashMap<>();

    private Builder() {}

    /// @param service `package.Service`
    /// @throws IllegalArgumentException when the method has a handler
    public Builder add(String service, String method, Handler handler) {
      Map<String, Handler> methods = services.computeIfAbsent(service, name -> new HashMap<>());
      if (methods.putIfAbsent(method, handler) != null) {
        throw new IllegalArgumentException("%s/%s has two handlers".formatted(service, method));
      }
      return this;
    }

    public Services build() {
      return new Services(Map.copyOf(services));
    }
  }
}
