package io.sealift.registry;

import io.sealift.failure.ImageException;
import io.sealift.failure.NotFoundException;
import io.sealift.failure.TransferException;
import io.sealift.oci.Descriptor;
import io.sealift.oci.Digest;
import io.sealift.oci.MediaType;
import io.sealift.oci.Reference;
import io.sealift.source.BlobStream;
import io.sealift.source.ImageSource;
import io.sealift.source.LayerSource;
import io.sealift.source.ManifestBytes;
import java.io.InterruptedIOException;
import java.util.HashMap;
import java.util.Map;

/// One repository of a registry (OCI distribution specification, Pulling manifests and blobs).
final class RegistrySource implements ImageSource, LayerSource.Ranged {

  /// The four kinds of manifest that are understood, as image-rs asks for them.
  private static final String MANIFEST_TYPES =
      String.join(
          ", ",
          MediaType.OCI_MANIFEST.name(),
          MediaType.OCI_INDEX.name(),
          MediaType.DOCKER_MANIFEST.name(),
          MediaType.DOCKER_LIST.name());

  private final Reference reference;
  private final Endpoint endpoint;
  private final ConnectionPool pool;
  private final Http http;
  private final Authorizer authorizer;
  private final Tries tries;

  RegistrySource(
      Reference reference,
      Endpoint endpoint,
      ConnectionPool pool,
      Authorizer authorizer,
      Tries tries) {
    this.reference = reference;
    this.endpoint = endpoint;
    this.pool = pool;
    this.http = new Http(pool);
    this.authorizer = authorizer;
    this.tries = tries;
  }

  @Override
  public String place() {
    return endpoint + "/v2/" + reference.path();
  }

  @Override
  public ManifestBytes manifest() throws ImageException, InterruptedIOException {
    return manifest(reference.tagOrDigest());
  }

  @Override
  public ManifestBytes manifest(Descriptor child) throws ImageException, InterruptedIOException {
    return manifest(child.digest().toString());
  }

  private ManifestBytes manifest(String tagOrDigest) throws ImageException, InterruptedIOException {
    String subject = "manifest " + tagOrDigest + " of " + place();
    Location location = location("/manifests/" + tagOrDigest);
    return tries.run(() -> {
      Response response = get(location, Map.of("Accept", MANIFEST_TYPES), "fetch " + subject);
      MediaType declared = response.header("content-type").map(MediaType::parse).orElse(null);
      String digest = response.header("docker-content-digest").orElse(null);
      byte[] bytes = Http.body(response, subject, ManifestBytes.MAX_BYTES);
      return new ManifestBytes(bytes, declared, digest == null ? null : Digest.parse(digest));
    });
  }

  @Override
  public BlobStream open(Descriptor blob) throws ImageException, InterruptedIOException {
    return open(blob, 0);
  }

  @Override
  public BlobStream open(Descriptor blob, long offset)
      throws ImageException, InterruptedIOException {
    Location location = location("/blobs/" + blob.digest());
    String operation = "fetch blob " + blob.digest() + " of " + place();
    BlobBody body =
        new BlobBody(
            operation, from -> get(location, range(from), operation), tries, blob.size(), offset);
    try {
      body.begin();
      return body;
    } catch (NotFoundException | TransferException missing) {
      if (blob.urls().isEmpty()) {
        throw missing;
      }
      return elsewhere(blob, offset, missing);
    }
  }

  /// Tries the places that the descriptor names, never with credentials (CVE-2020-15157).
  private BlobStream elsewhere(Descriptor blob, long offset, ImageException missing)
      throws ImageException, InterruptedIOException {
    for (String url : blob.urls()) {
      Location location = new Location(endpoint, "/").resolve(url);
      String operation = "fetch blob " + blob.digest() + " from " + location;
      BlobBody body =
          new BlobBody(
              operation,
              from -> expect(http.get(location, range(from)), operation),
              tries,
              blob.size(),
              offset);
      try {
        body.begin();
        return body;
      } catch (ImageException alsoMissing) {
        missing.addSuppressed(alsoMissing);
      }
    }
    throw missing;
  }

  private static Map<String, String> range(long from) {
    return from == 0 ? Map.of() : Map.of("Range", "bytes=" + from + "-");
  }

  private Location location(String target) {
    return new Location(endpoint, "/v2/" + reference.path() + target);
  }

  /// Gets something of the repository, answering one challenge on the way.
  private Response get(Location location, Map<String, String> headers, String operation)
      throws ImageException, InterruptedIOException {
    String authorization = authorizer.header().orElse(null);
    Response response = http.get(location, with(headers, authorization));
    if (response.status() == 401) {
      String challenge = response.header("www-authenticate").orElse("");
      Http.discard(response);
      authorizer.answer(Challenge.parse(challenge), authorization);
      response = http.get(location, with(headers, authorizer.header().orElse(null)));
    }
    return expect(response, operation);
  }

  private static Map<String, String> with(
      Map<String, String> headers, @org.jspecify.annotations.Nullable String authorization) {
    if (authorization == null) {
      return headers;
    }
    Map<String, String> all = new HashMap<>(headers);
    all.put(Http.AUTHORIZATION, authorization);
    return all;
  }

  private static Response expect(Response response, String operation)
      throws ImageException, InterruptedIOException {
    if (response.status() == 200 || response.status() == 206) {
      return response;
    }
    throw ErrorReport.of(response, operation);
  }

  @Override
  public void close() {
    pool.close();
  }
}
