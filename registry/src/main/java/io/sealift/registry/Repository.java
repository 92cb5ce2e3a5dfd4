package io.sealift.registry;

import io.sealift.failure.BadReferenceException;
import io.sealift.oci.Reference;
import io.sealift.source.Place;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where the interface of one repository is.
///
/// @param host as a reference has it, whose credentials are wanted
/// @param api path that repositories are below: `/v2`
/// @param query what is added to every target: empty, or `?ns=registry.example`
/// @param headers to send with every request
record Repository(
    Reference reference,
    String host,
    Endpoint endpoint,
    String api,
    String query,
    Map<String, String> headers) {

  private static final String API = "/v2";

  static Repository of(Place.Repository place, boolean plainHttp) throws BadReferenceException {
    Reference reference = place.reference();
    Place.Server server = place.server();
    return server == null
        ? new Repository(
            reference, reference.domain(), Endpoint.of(reference, plainHttp), API, "", Map.of())
        : of(reference, server);
  }

  private static Repository of(Reference reference, Place.Server server)
      throws BadReferenceException {
    Location root = Location.of(server.api());
    String api = root.target().equals("/") ? "" : root.target();
    return new Repository(
        reference,
        server.authority(),
        root.endpoint(),
        api,
        namespace(server.namespace()),
        server.headers());
  }

  private static String namespace(@Nullable String registry) {
    return registry == null ? "" : "?ns=" + URLEncoder.encode(registry, StandardCharsets.UTF_8);
  }

  /// The same behind a socket of this machine, which needs no TLS.
  Repository onThisMachine() {
    int port = endpoint.port() == 443 ? 80 : endpoint.port();
    Endpoint plain = new Endpoint(false, endpoint.host(), port);
    return new Repository(reference, host, plain, api, query, headers);
  }

  /// Where the simplest request goes, which asks only whether a registry is there.
  Location root() {
    return new Location(endpoint, api + "/");
  }

  /// Something below the repository: `/manifests/v1`.
  Location location(String target) {
    return new Location(endpoint, api + "/" + reference.path() + target + query);
  }

  @Override
  public String toString() {
    return endpoint + api + "/" + reference.path();
  }
}
