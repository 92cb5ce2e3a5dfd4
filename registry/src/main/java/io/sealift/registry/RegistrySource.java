package io.sealift.registry;

import io.sealift.failure.AuthenticationException;
import io.sealift.failure.ImageException;
import io.sealift.failure.NotFoundException;
import io.sealift.failure.TransferException;
import io.sealift.oci.Descriptor;
import io.sealift.oci.Digest;
import io.sealift.oci.EmbeddedData;
import io.sealift.oci.MediaType;
import io.sealift.oci.Reference;
import io.sealift.registry.BlobBody.Opener;
import io.sealift.registry.Http.Answer;
import io.sealift.registry.Trial.Sight;
import io.sealift.source.BlobStream;
import io.sealift.source.EmbeddedBlob;
import io.sealift.source.ImageSource;
import io.sealift.source.LayerSource;
import io.sealift.source.ManifestBytes;
import io.sealift.source.ReferrersTag;
import java.io.InterruptedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

  /// What an empty rest of a blob is.
  private static final EmbeddedData NOTHING = new EmbeddedData(new byte[0]);

  private final Repository repository;
  private final Reference reference;
  private final Endpoint endpoint;
  private final ConnectionPool pool;
  private final Http http;
  private final Authorizer authorizer;
  private final Tries tries;
  private final Width width;
  private final Cancellation closing;

  /// Null until the registry was asked.
  private volatile @Nullable Boolean keepsSignatures;

  RegistrySource(
      Repository repository,
      ConnectionPool pool,
      CredentialSource credentials,
      Tries tries,
      Width width) {
    this.repository = repository;
    this.reference = repository.reference();
    this.endpoint = repository.endpoint();
    this.pool = pool;
    this.closing = pool.work();
    this.http = new Http(pool, endpoint);
    this.authorizer =
        new Authorizer(
            http,
            endpoint,
            reference.path(),
            new Login(credentials, repository.host(), reference.path()));
    this.tries = tries;
    this.width = width;
  }

  @Override
  public String place() {
    return repository.toString();
  }

  @Override
  public Optional<Reference> reference() {
    return Optional.of(reference);
  }

  @Override
  public ManifestBytes manifest() throws ImageException, InterruptedIOException {
    return manifest(reference.tagOrDigest());
  }

  @Override
  public ManifestBytes manifest(Descriptor child) throws ImageException, InterruptedIOException {
    return manifest(child.digest().toString());
  }

  @Override
  public Optional<ManifestBytes> tagged(String tag) throws ImageException, InterruptedIOException {
    try {
      return Optional.of(manifest(tag));
    } catch (NotFoundException none) {
      return Optional.empty();
    }
  }

  @Override
  public List<Descriptor> referrers(Digest subject, int limit)
      throws ImageException, InterruptedIOException {
    String what = "referrers of " + subject + " in " + place();
    Optional<List<Descriptor>> listed;
    try (Cancellation cancellation = closing.part()) {
      ReferrerPages.Get get =
          at -> answer(at, Map.of("Accept", MediaType.OCI_INDEX.name()), cancellation);
      listed =
          tries.run(
              () ->
                  new ReferrerPages(what, limit, get, this::refusal)
                      .read(location("/referrers/" + subject)),
              cancellation);
    }
    return listed.isPresent() ? listed.get() : ReferrersTag.referrers(this, subject, limit);
  }

  @Override
  public List<byte[]> simpleSignatures(Digest manifest, int limit, int maxBytes)
      throws ImageException, InterruptedIOException {
    String subject = "signatures of " + manifest + " in " + place();
    Location location =
        new Location(endpoint, "/extensions/v2/" + reference.path() + "/signatures/" + manifest);
    try (Cancellation cancellation = closing.part()) {
      if (!tries.run(() -> keepsSignatures(cancellation), cancellation)) {
        return List.of();
      }
      return tries.run(
          () -> {
            Response response = get(location, Map.of(), "fetch " + subject, cancellation);
            return KeptSignatures.read(response, subject, limit, maxBytes);
          },
          cancellation);
    }
  }

  /// What a server answers to the simplest request.
  int status() throws ImageException, InterruptedIOException {
    try (Cancellation cancellation = closing.part()) {
      return status(cancellation);
    }
  }

  private int status(Cancellation cancellation) throws ImageException, InterruptedIOException {
    Response response = http.get(repository.root(), repository.headers(), cancellation).response();
    Http.discard(response);
    return response.status();
  }

  /// The same, with patience.
  int patientStatus() throws ImageException, InterruptedIOException {
    try (Cancellation cancellation = closing.part()) {
      return tries.run(() -> status(cancellation), cancellation);
    }
  }

  /// Whether the registry's answer to the simplest request says so; 401 is as good as 200.
  private boolean keepsSignatures(Cancellation cancellation)
      throws ImageException, InterruptedIOException {
    Boolean known = keepsSignatures;
    if (known != null) {
      return known;
    }
    Answer answer = http.get(repository.root(), repository.headers(), cancellation);
    Response response = answer.response();
    if (response.status() == 429 || response.status() >= 500) {
      throw ErrorReport.of(response, "ask " + endpoint + " what it can do", authorizer);
    }
    boolean keeps = KeptSignatures.areOffered(response) && answer.server().equals(endpoint);
    Http.discard(response);
    keepsSignatures = keeps;
    return keeps;
  }

  private ManifestBytes manifest(String tagOrDigest) throws ImageException, InterruptedIOException {
    String subject = "manifest " + tagOrDigest + " of " + place();
    Location location = location("/manifests/" + tagOrDigest);
    try (Cancellation cancellation = closing.part()) {
      return tries.run(
          () ->
              read(
                  get(location, Map.of("Accept", MANIFEST_TYPES), "fetch " + subject, cancellation),
                  subject),
          cancellation);
    }
  }

  private static ManifestBytes read(Response response, String subject)
      throws ImageException, InterruptedIOException {
    MediaType declared = response.header("content-type").map(MediaType::parse).orElse(null);
    String said = response.header("docker-content-digest").orElse(null);
    byte[] bytes = Http.body(response, subject, ManifestBytes.MAX_BYTES);
    Digest digest = said == null ? null : Digest.parse(said, "digest of " + subject);
    return new ManifestBytes(bytes, declared, digest);
  }

  @Override
  public BlobStream open(Descriptor blob) throws ImageException, InterruptedIOException {
    return open(blob, 0);
  }

  @Override
  public BlobStream open(Descriptor blob, long offset)
      throws ImageException, InterruptedIOException {
    if (offset < 0 || offset > blob.size()) {
      throw new IllegalArgumentException("no offset of " + blob.size() + " bytes: " + offset);
    }
    if (offset > 0 && offset == blob.size()) {
      return new EmbeddedBlob(NOTHING);
    }
    Location location = location("/blobs/" + blob.digest());
    String operation = "fetch blob " + blob.digest() + " of " + place();
    try {
      return begun(
          blob,
          offset,
          operation,
          (part, cancellation) -> get(location, part.headers(), operation, cancellation));
    } catch (AuthenticationException | NotFoundException | TransferException missing) {
      return elsewhere(blob, offset, missing);
    }
  }

  private BlobStream begun(Descriptor blob, long offset, String operation, Opener opener)
      throws ImageException, InterruptedIOException {
    boolean worth = width.isWorth(blob.size() - offset);
    Cancellation work = closing.part();
    BlobBody body =
        new BlobBody(operation, opener, tries, blob.size(), offset, worth ? work.part() : work);
    boolean begun = false;
    try {
      body.begin();
      begun = true;
    } finally {
      if (!begun) {
        work.close();
      }
    }
    return worth ? new WideBlob(body, width, work, this::now) : body;
  }

  private Sight now() {
    return new Sight(System.nanoTime(), pool.received());
  }

  /// Tries the places that the descriptor names, never with credentials (CVE-2020-15157).
  private BlobStream elsewhere(Descriptor blob, long offset, ImageException missing)
      throws ImageException, InterruptedIOException {
    for (String url : blob.urls()) {
      try {
        Location location = new Location(endpoint, "/").resolve(url);
        String operation = "fetch blob " + blob.digest() + " from " + location;
        return begun(
            blob,
            offset,
            operation,
            (part, cancellation) ->
                expect(
                    http.get(location, part.headers(), cancellation).response(),
                    !part.isWhole(),
                    operation));
      } catch (ImageException alsoMissing) {
        missing.addSuppressed(alsoMissing);
      }
    }
    throw missing;
  }

  private Location location(String target) {
    return repository.location(target);
  }

  private Response get(
      Location location, Map<String, String> headers, String operation, Cancellation cancellation)
      throws ImageException, InterruptedIOException {
    Response response = answer(location, headers, cancellation);
    return expect(response, headers.containsKey("Range"), operation);
  }

  /// Gets something of the repository, answering one challenge on the way. A challenge of another
  /// server, to which the registry has sent us, is none of ours (CVE-2019-10214).
  ///
  /// @return an answer of any status
  private Response answer(Location location, Map<String, String> headers, Cancellation cancellation)
      throws ImageException, InterruptedIOException {
    String authorization = authorizer.header().orElse(null);
    Answer answer = http.get(location, with(headers, authorization), cancellation);
    if (answer.response().status() == 401 && answer.server().equals(endpoint)) {
      String challenge = answer.response().header("www-authenticate").orElse("");
      Http.discard(answer.response());
      authorizer.answer(Challenge.parse(challenge), authorization, cancellation);
      String answered = authorizer.header().orElse(null);
      answer = http.get(location, with(headers, answered), cancellation);
    }
    return answer.response();
  }

  private Map<String, String> with(Map<String, String> headers, @Nullable String authorization) {
    Map<String, String> all = new HashMap<>(repository.headers());
    all.putAll(headers);
    if (authorization != null) {
      all.put(Http.AUTHORIZATION, authorization);
    }
    return all;
  }

  /// @param part whether one was asked for
  private Response expect(Response response, boolean part, String operation)
      throws ImageException, InterruptedIOException {
    int status = response.status();
    if (status == 200 || (part && (status == 206 || BlobBody.meansNoRanges(status)))) {
      return response;
    }
    throw refusal(response, operation);
  }

  private ImageException refusal(Response response, String operation)
      throws InterruptedIOException {
    return ErrorReport.of(response, operation, authorizer);
  }

  @Override
  public void close() {
    closing.cancel();
    pool.close();
    authorizer.close();
  }
}
