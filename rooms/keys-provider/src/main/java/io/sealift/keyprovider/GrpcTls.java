package io.sealift.keyprovider;

import io.grpc.ChannelCredentials;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.shaded.io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.sealift.failure.UnsafeContentException;
import io.sealift.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/// Reads `grpc-tls`: how to speak TLS with a service over gRPC.
///
/// | member | |
/// |---|---|
/// | `root-ca-file` | certificate authorities in PEM; the Java platform's without |
/// | `cert-file`, `key-file` | our certificate and private key, PEM and PKCS #8; both or none |
/// | `server-name` | what its certificate names, when that is not the host |
/// | `insecure-skip-verify` | take any certificate, as the user says |
final class GrpcTls {

  static final Set<String> MEMBERS =
      Set.of("root-ca-file", "cert-file", "key-file", "server-name", "insecure-skip-verify");

  private GrpcTls() {}

  /// @throws IOException when a file cannot be read
  /// @throws IllegalArgumentException when a file or the choice of members makes no sense
  static ChannelCredentials credentials(JsonObject tls) throws IOException, UnsafeContentException {
    TlsChannelCredentials.Builder builder = TlsChannelCredentials.newBuilder();
    String authorities = tls.optionalString("root-ca-file").orElse("");
    if (tls.bool("insecure-skip-verify", false)) {
      builder.trustManager(InsecureTrustManagerFactory.INSTANCE.getTrustManagers());
    } else if (!authorities.isEmpty()) {
      builder.trustManager(Path.of(authorities).toFile());
    }
    String certificate = tls.optionalString("cert-file").orElse("");
    String key = tls.optionalString("key-file").orElse("");
    if (certificate.isEmpty() != key.isEmpty()) {
      throw new IllegalArgumentException("cert-file and key-file need each other");
    }
    if (!key.isEmpty()) {
      builder.keyManager(Path.of(certificate).toFile(), Path.of(key).toFile());
    }
    return builder.build();
  }
}
