package io.sealift.testing;

import io.sealift.oci.Digest;
import io.sealift.oci.DigestAlgorithm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import org.jspecify.annotations.Nullable;

/// A registry in this process, on a free port of 127.0.0.1, that serves what it was given (OCI
/// distribution specification, pulling) and does wrong what it was told to; from {@link #start}
/// until {@link #close}. Thread-safe.
///
/// ```java
/// try (InProcessRegistry registry = InProcessRegistry.start()) {
///   registry.push("app", "v1", image);
///   registry.plan("/blobs/", 1, Fault.cut(1000));
///   … pull registry.name("app", "v1") over plain HTTP
/// }
/// ```
public final class InProcessRegistry implements AutoCloseable {

  private final LoopbackServer server;
  private final @Nullable ServerCertificate certificate;
  private final String host;
  private final @Nullable TokenService tokens;
  private final String basic;
  private final String realm;
  private final @Nullable Referrers referrers;
  private final @Nullable KeptSignatures signatures;
  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
  private final Map<String, BuiltBlob> documents = new ConcurrentHashMap<>();
  private final List<Planned> plans = new CopyOnWriteArrayList<>();
  private final List<RegistryRequest> requests = new CopyOnWriteArrayList<>();

  private record Planned(String part, AtomicInteger times, Fault fault) {}

  private InProcessRegistry(Builder builder) {
    this.certificate = builder.certificate;
    this.host = builder.host;
    this.tokens = builder.tokens;
    this.basic = builder.basic;
    this.realm = builder.realm;
    this.referrers = builder.referrers;
    this.signatures = builder.signatures;
    try {
      ServerSocket socket =
          certificate == null
              ? new ServerSocket()
              : certificate
                  .serverContext(builder.client)
                  .getServerSocketFactory()
                  .createServerSocket();
      if (socket instanceof SSLServerSocket secured) {
        secured.setNeedClientAuth(builder.client != null);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setApplicationProtocols(builder.protocols);
        secured.setSSLParameters(parameters);
      }
      this.server = new LoopbackServer(socket, host, builder.http2, this::answer);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /// A registry over plain HTTP that gives to everyone.
  public static InProcessRegistry start() {
    return builder().start();
  }

  public static Builder builder() {
    return new Builder();
  }

  /// Who may have what, and how the registry is spoken to.
  public static final class Builder {

    private @Nullable ServerCertificate certificate;
    private @Nullable ServerCertificate client;
    private String[] protocols = {};
    private boolean http2;
    private String host = "127.0.0.1";
    private String basic = "";
    private String realm = "";
    private @Nullable TokenService tokens;
    private @Nullable Referrers referrers;
    private @Nullable KeptSignatures signatures;

    private Builder() {}

    /// TLS, with a certificate made on the spot.
    public Builder https() {
      return https(ServerCertificate.make());
    }

    /// TLS, with this certificate.
    public Builder https(ServerCertificate value) {
      certificate = value;
      return this;
    }

    /// Only for those who show this certificate over TLS.
    public Builder client(ServerCertificate value) {
      client = value;
      return this;
    }

    /// What it says that it speaks over TLS (ALPN): `h2`, `http/1.1`. It speaks HTTP/1.1 all the
    /// same.
    public Builder protocols(String... names) {
      protocols = names.clone();
      return this;
    }

    /// HTTP/2 and nothing else, and over TLS says so.
    public Builder http2() {
      http2 = true;
      return protocols("h2");
    }

    /// Another address of this machine's loopback: `127.0.0.2`, `::1`.
    public Builder address(String value) {
      host = value;
      return this;
    }

    /// Only for this user, by Basic authentication.
    public Builder basic(String user, String password) {
      basic = TokenService.basic(user, password);
      return this;
    }

    /// Only with a token, which everyone gets at `/token`.
    public Builder anonymousTokens() {
      tokens = new TokenService("", "", "", true, 60);
      return this;
    }

    /// Only with a token, which this user gets at `/token`.
    public Builder bearer(String user, String password) {
      return bearer(user, password, 60);
    }

    public Builder bearer(String user, String password, int expiresInSeconds) {
      tokens = new TokenService(user, password, "", false, expiresInSeconds);
      return this;
    }

    /// Only with a token, which is given at `/token` for this identity token.
    public Builder identityToken(String user, String identityToken) {
      tokens = new TokenService(user, "", identityToken, false, 60);
      return this;
    }

    /// Another place to get tokens from than this registry's own; what it gives is accepted here
    /// when it is a registry of the same token service.
    public Builder realm(String url) {
      realm = url;
      return this;
    }

    /// Shares the tokens of another registry, and sends there for them.
    public Builder tokensOf(InProcessRegistry other) {
      tokens = other.tokens;
      return realm(other.url() + "/token");
    }

    /// Lists referrers, so many on a page; without it there is no such interface.
    public Builder referrers(int perPage) {
      referrers = new Referrers(perPage);
      return this;
    }

    /// Keeps simple signatures (X-Registry-Supports-Signatures).
    public Builder keepsSignatures() {
      signatures = new KeptSignatures();
      return this;
    }

    public InProcessRegistry start() {
      return new InProcessRegistry(this);
    }
  }

  /// Host and port.
  public String address() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + server.port();
  }

  public String url() {
    return (certificate == null ? "http://" : "https://") + address();
  }

  /// The name of an image here.
  public String name(String repository, String tag) {
    return address() + "/" + repository + ":" + tag;
  }

  /// The certificate of a registry over TLS, as PEM.
  public byte[] certificate() {
    if (certificate == null) {
      throw new IllegalStateException("a registry without TLS");
    }
    return certificate.pemBytes();
  }

  /// Takes an image with everything that belongs to it.
  public InProcessRegistry push(String repository, String tag, BuiltImage image) {
    documents.put(repository + ":" + tag, image.document());
    return push(repository, image);
  }

  /// Takes an image without a tag, such as a referrer.
  public InProcessRegistry push(String repository, BuiltImage image) {
    for (BuiltBlob document : image.documents()) {
      documents.put(repository + ":" + document.digest(), document);
    }
    blobs.putAll(image.contents());
    return this;
  }

  /// Takes a blob.
  public Digest pushBlob(byte[] bytes) {
    Digest digest = BuiltBlob.digest(DigestAlgorithm.SHA256, bytes);
    blobs.put(digest.toString(), bytes.clone());
    return digest;
  }

  /// Takes a simple signature of a manifest.
  public InProcessRegistry keep(String repository, String digest, byte[] signature) {
    if (signatures == null) {
      throw new IllegalStateException("a registry that keeps no signatures");
    }
    signatures.add(repository, digest, signature);
    return this;
  }

  /// Takes a file that everyone may have at this path, as any web server has some.
  public InProcessRegistry file(String path, byte[] bytes) {
    files.put(path, bytes.clone());
    return this;
  }

  /// Forgets a blob.
  public void remove(String digest) {
    blobs.remove(digest);
  }

  /// The next `times` answers to requests whose text, such as `GET /v2/app/manifests/v1`, has this
  /// part in it go wrong. What was planned first comes first; each request meets one fault.
  public InProcessRegistry plan(String part, int times, Fault fault) {
    plans.add(new Planned(part, new AtomicInteger(times), fault));
    return this;
  }

  /// All of those answers go wrong.
  public InProcessRegistry plan(String part, Fault fault) {
    return plan(part, Integer.MAX_VALUE, fault);
  }

  /// No token given so far is good any more.
  public void revokeTokens() {
    if (tokens != null) {
      tokens.revokeAll();
    }
  }

  /// What was asked so far, in order.
  public List<RegistryRequest> requests() {
    return List.copyOf(requests);
  }

  /// Bytes of bodies that were sent so far, each time that they were: manifests, blobs, errors.
  public long bodyBytes() {
    return server.bodyBytes();
  }

  private Answer answer(RegistryRequest request) {
    requests.add(request);
    String text = request.toString();
    for (Planned plan : plans) {
      if (text.contains(plan.part) && plan.times.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
        return plan.fault.apply(request, this::honest);
      }
    }
    return honest(request);
  }

  private Answer honest(RegistryRequest request) {
    byte[] file = files.get(request.path());
    if (file != null) {
      return Answer.of(200, file);
    }
    Answer answer = authorized(request);
    return signatures != null && request.path().equals("/v2/")
        ? answer.header(KeptSignatures.HEADER, "1")
        : answer;
  }

  private Answer authorized(RegistryRequest request) {
    if (tokens != null && request.path().equals("/token")) {
      return tokens.answer(request);
    }
    String authorization = request.header("authorization");
    if (tokens != null && !tokens.accepts(authorization)) {
      return challenge(
          "Bearer realm=\"%s\",service=\"%s\",scope=\"repository:x:pull\""
              .formatted(realm.isEmpty() ? url() + "/token" : realm, address()));
    }
    if (!basic.isEmpty() && !basic.equals(authorization)) {
      return challenge("Basic realm=\"a registry\"");
    }
    return content(request);
  }

  private static Answer challenge(String challenge) {
    return Answer.error(401, "UNAUTHORIZED", "authentication required")
        .header("WWW-Authenticate", challenge);
  }

  private Answer content(RegistryRequest request) {
    String path = request.path();
    if (path.equals("/v2/")) {
      return Answer.text(200, "{}");
    }
    if (signatures != null && KeptSignatures.areAskedFor(request)) {
      return signatures.answer(request);
    }
    List<String> parts = new ArrayList<>(Arrays.asList(path.split("/", -1)));
    if (parts.size() < 5 || !parts.get(1).equals("v2")) {
      return Answer.error(404, "UNSUPPORTED", "no such page");
    }
    String name = parts.removeLast();
    String kind = parts.removeLast();
    String repository = String.join("/", parts.subList(2, parts.size()));
    return switch (kind) {
      case "manifests" -> document(repository, name);
      case "referrers" -> referrers(request, repository, name);
      case "blobs" -> blob(name, request);
      default -> Answer.error(404, "UNSUPPORTED", "no such page");
    };
  }

  private Answer document(String repository, String name) {
    BuiltBlob document = documents.get(repository + ":" + name);
    if (document == null) {
      return Answer.error(404, "MANIFEST_UNKNOWN", "manifest unknown");
    }
    return Answer.of(200, document.bytes())
        .header("Content-Type", document.mediaType())
        .header("Docker-Content-Digest", document.digest());
  }

  private Answer referrers(RegistryRequest request, String repository, String subject) {
    if (referrers == null) {
      return Answer.error(404, "UNSUPPORTED", "no such page");
    }
    Map<String, BuiltBlob> own = new TreeMap<>();
    documents.forEach((name, document) -> {
      if (name.equals(repository + ":" + document.digest())) {
        own.put(name, document);
      }
    });
    return referrers.answer(request, own.values(), subject);
  }

  private Answer blob(String digest, RegistryRequest request) {
    byte[] blob = blobs.get(digest);
    if (blob == null) {
      return Answer.error(404, "BLOB_UNKNOWN", "blob unknown to registry");
    }
    String tag = "\"" + digest + "\"";
    String range = request.header("range");
    if (!range.startsWith("bytes=")
        || !request.headers().getOrDefault("if-range", tag).equals(tag)) {
      return Answer.of(200, blob)
          .header("Content-Type", "application/octet-stream")
          .header("Accept-Ranges", "bytes")
          .header("ETag", tag);
    }
    String[] ends = range.substring("bytes=".length()).split("-", 2);
    int from = Integer.parseInt(ends[0]);
    if (from >= blob.length) {
      return Answer.error(416, "UNSUPPORTED", "no such range")
          .header("Content-Range", "bytes */" + blob.length);
    }
    int last = ends[1].isEmpty() ? blob.length - 1 : Integer.parseInt(ends[1]);
    int to = Math.min(last, blob.length - 1);
    return Answer.of(206, Arrays.copyOfRange(blob, from, to + 1))
        .header("ETag", tag)
        .header("Content-Range", "bytes " + from + "-" + to + "/" + blob.length);
  }

  @Override
  public void close() {
    server.close();
  }
}
