package io.sealift.testing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.util.Base64;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// A token server in this process that the registry which Docker made believes (distribution, token
/// authentication and its JSON web tokens): one user may have everything below `ns`, everyone what
/// is below `open`. From {@link #start} until {@link #close}.
public final class TokenServer implements AutoCloseable {

  private static final String SERVICE = "a registry";
  private static final String ISSUER = "a test";
  private static final Duration LIFE = Duration.ofMinutes(5);

  private final LoopbackServer server;
  private final ServerCertificate signing = ServerCertificate.make();
  private final @Nullable ServerCertificate tls;
  private final String basic;
  private final List<RegistryRequest> requests = new CopyOnWriteArrayList<>();

  private TokenServer(String user, String password, @Nullable ServerCertificate tls) {
    this.basic = TokenService.basic(user, password);
    this.tls = tls;
    try {
      ServerSocket socket =
          tls == null
              ? new ServerSocket()
              : tls.serverContext(null).getServerSocketFactory().createServerSocket();
      this.server = new LoopbackServer(socket, this::answer);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /// @param tls what it shows over TLS; null for plain HTTP
  public static TokenServer start(String user, String password, @Nullable ServerCertificate tls) {
    return new TokenServer(user, password, tls);
  }

  /// What a registry has as `auth` in its settings to send here for tokens.
  ///
  /// @param directory for the certificate that tokens are signed with
  /// @param host what the registry calls this machine
  public String settings(Path directory, String host) throws IOException {
    Path certificate = Files.writeString(directory.resolve("tokens.crt"), signing.pem());
    return "{token: {realm: \"%s://%s:%d/token\", service: %s, issuer: %s, rootcertbundle: %s}}"
        .formatted(
            tls == null ? "http" : "https", host, server.port(), SERVICE, ISSUER, certificate);
  }

  /// What was asked so far, in order.
  public List<RegistryRequest> requests() {
    return List.copyOf(requests);
  }

  private Answer answer(RegistryRequest request) {
    requests.add(request);
    String authorization = request.header("authorization");
    if (!authorization.isEmpty() && !authorization.equals(basic)) {
      return Answer.error(401, "UNAUTHORIZED", "incorrect username or password");
    }
    String scope = parameter(request, "scope");
    String repository = scope.substring("repository:".length(), scope.lastIndexOf(':'));
    boolean granted =
        repository.startsWith("open/")
            || (repository.startsWith("ns/") && authorization.equals(basic));
    return Answer.text(200, "{\"token\":\"%s\"}".formatted(token(repository, granted)))
        .header("Content-Type", "application/json");
  }

  private static String parameter(RegistryRequest request, String name) {
    String query = request.target().substring(request.target().indexOf('?') + 1);
    return Arrays.stream(query.split("&", -1))
        .filter(pair -> pair.startsWith(name + "="))
        .map(pair -> URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8))
        .findFirst()
        .orElseThrow();
  }

  /// Whoever may have nothing gets a token for nothing.
  private String token(String repository, boolean granted) {
    Instant now = Instant.now();
    List<Map<String, Object>> access =
        granted
            ? List.of(Map.of("type", "repository", "name", repository, "actions", List.of("pull")))
            : List.of();
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .issuer(ISSUER)
            .audience(SERVICE)
            .subject("somebody")
            .jwtID(UUID.randomUUID().toString())
            .issueTime(Date.from(now))
            .notBeforeTime(Date.from(now.minus(LIFE)))
            .expirationTime(Date.from(now.plus(LIFE)))
            .claim("access", access)
            .build();
    JWSHeader header =
        new JWSHeader.Builder(JWSAlgorithm.ES256)
            .type(JOSEObjectType.JWT)
            .x509CertChain(List.of(Base64.encode(signing.encoded())))
            .build();
    try {
      SignedJWT token = new SignedJWT(header, claims);
      token.sign(new ECDSASigner(signing.privateKey()));
      return token.serialize();
    } catch (JOSEException failed) {
      throw new IllegalStateException(failed);
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
