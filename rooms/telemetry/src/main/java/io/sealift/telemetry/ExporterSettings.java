package io.sealift.telemetry;

import io.sealift.failure.BadReferenceException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the environment says of an exporter (OpenTelemetry specification, "OpenTelemetry Protocol
/// Exporter"). Without an endpoint there is none unless one is asked for by name.
///
/// | variable | says |
/// |---|---|
/// | `OTEL_SDK_DISABLED`, `OTEL_TRACES_EXPORTER` | `true`, `none`: no traces |
/// | `OTEL_TRACES_EXPORTER` | `otlp`: also without an endpoint, to `http://localhost:4318` |
/// | `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` | the URL that traces are sent to |
/// | `OTEL_EXPORTER_OTLP_ENDPOINT` | otherwise: the URL before `/v1/traces` |
/// | `OTEL_EXPORTER_OTLP_HEADERS` | `NAME=VALUE,…`, percent-encoded |
/// | `OTEL_EXPORTER_OTLP_PROTOCOL` | `http/protobuf` |
/// | `OTEL_EXPORTER_OTLP_TIMEOUT` | milliseconds for sending once, with everything that is tried again |
/// | `OTEL_EXPORTER_OTLP_COMPRESSION` | `gzip`, `none` |
/// | `OTEL_EXPORTER_OTLP_CERTIFICATE` | a file of certificates (PEM): whom to trust |
/// | `OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE`, `OTEL_EXPORTER_OTLP_CLIENT_KEY` | files (PEM, PKCS #8): who we are |
///
/// Each of the latter counts as `OTEL_EXPORTER_OTLP_TRACES_…` before.
///
/// @param headers secrets, as a rule
/// @param authorities as PEM; null for those of the Java platform
/// @param client null for nobody
record ExporterSettings(
    URI endpoint,
    Map<String, String> headers,
    Duration timeout,
    boolean gzip,
    @Nullable String authorities,
    @Nullable Client client) {

  private static final String LOCAL = "http://localhost:4318";

  private static final String PATH = "v1/traces";

  private static final int TIMEOUT_MILLISECONDS = 10_000;

  /// Bytes of a file of certificates or of a key; all authorities of a machine have 250 000.
  private static final int MAX_FILE_BYTES = 1 << 20;

  /// Headers that only who sends may set.
  private static final Set<String> OF_SENDER =
      Set.of(
          "connection",
          "content-encoding",
          "content-length",
          "content-type",
          "expect",
          "host",
          "transfer-encoding",
          "upgrade");

  ExporterSettings {
    headers = Map.copyOf(headers);
  }

  /// Who we are, as PEM.
  record Client(String certificate, String key) {

    /// Without the key.
    @Override
    public String toString() {
      return "Client[certificate=" + certificate + "]";
    }
  }

  /// @throws BadReferenceException when something is not sound; it never quotes what may be secret
  static Optional<ExporterSettings> of(Variables variables) throws BadReferenceException {
    Variables.Variable exporter = variables.get("OTEL_TRACES_EXPORTER");
    if (variables.get("OTEL_SDK_DISABLED").lowerCase().equals("true")
        || exporter.lowerCase().equals("none")) {
      return Optional.empty();
    }
    if (exporter.isSet() && !exporter.lowerCase().equals("otlp")) {
      throw exporter.refused("otlp or none");
    }
    Optional<URI> endpoint = endpoint(variables, exporter.isSet());
    return endpoint.isEmpty() ? Optional.empty() : Optional.of(to(endpoint.get(), variables));
  }

  private static Optional<URI> endpoint(Variables variables, boolean wanted)
      throws BadReferenceException {
    Variables.Variable exact = variables.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
    if (exact.isSet()) {
      return Optional.of(url(exact, exact.text()));
    }
    Variables.Variable base = variables.get("OTEL_EXPORTER_OTLP_ENDPOINT");
    if (!base.isSet() && !wanted) {
      return Optional.empty();
    }
    String text = base.isSet() ? base.text() : LOCAL;
    return Optional.of(url(base, text + (text.endsWith("/") ? "" : "/") + PATH));
  }

  /// Says nothing of the value when it refuses it, which may hold a password in the wrong place.
  private static URI url(Variables.Variable variable, String text) throws BadReferenceException {
    String expected = "a URL such as http://127.0.0.1:4318, without user, password and fragment";
    try {
      URI url = new URI(text);
      boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      if (web && url.getHost() != null && url.getUserInfo() == null && url.getFragment() == null) {
        return url;
      }
    } catch (URISyntaxException malformed) {
      throw variable.refusedUnseen(expected, null); // the cause has the value
    }
    throw variable.refusedUnseen(expected, null);
  }

  private static ExporterSettings to(URI endpoint, Variables variables)
      throws BadReferenceException {
    Variables.Variable protocol = variables.ofExporter("PROTOCOL");
    if (protocol.isSet() && !protocol.lowerCase().equals("http/protobuf")) {
      throw protocol.refused("http/protobuf, which collectors take on port 4318");
    }
    Variables.Variable compression = variables.ofExporter("COMPRESSION");
    if (compression.isSet() && !Set.of("gzip", "none").contains(compression.lowerCase())) {
      throw compression.refused("gzip or none");
    }
    return new ExporterSettings(
        endpoint,
        variables
            .ofExporter("HEADERS")
            .pairs(
                ExporterSettings::isHeader,
                value -> value.chars().allMatch(c -> c >= ' ' && c < 0x7f)),
        Duration.ofMillis(variables.ofExporter("TIMEOUT").number(1, TIMEOUT_MILLISECONDS)),
        compression.lowerCase().equals("gzip"),
        file(variables.ofExporter("CERTIFICATE")),
        client(variables));
  }

  private static boolean isHeader(String name) {
    return name.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+") // a token of RFC 9110
        && !OF_SENDER.contains(name.toLowerCase(Locale.ROOT));
  }

  private static @Nullable Client client(Variables variables) throws BadReferenceException {
    Variables.Variable certificate = variables.ofExporter("CLIENT_CERTIFICATE");
    Variables.Variable key = variables.ofExporter("CLIENT_KEY");
    if (certificate.isSet() != key.isSet()) {
      throw certificate.refusedUnseen(
          "a certificate and a key (%s), or neither".formatted(key.name()), null);
    }
    String read = file(certificate);
    String secret = file(key);
    return read == null || secret == null ? null : new Client(read, secret);
  }

  private static @Nullable String file(Variables.Variable variable) throws BadReferenceException {
    if (!variable.isSet()) {
      return null;
    }
    try {
      Path file = Path.of(variable.text());
      if (Files.size(file) <= MAX_FILE_BYTES) {
        return Files.readString(file, StandardCharsets.ISO_8859_1); // PEM is ASCII
      }
    } catch (IOException | InvalidPathException failed) {
      throw new BadReferenceException(
          "read %s: %s".formatted(variable.name(), failed.getMessage()), failed);
    }
    throw variable.refused("a file of %d bytes at most".formatted(MAX_FILE_BYTES));
  }

  /// The endpoint for people: without a query, which may hold a key.
  String place() {
    return endpoint.toString().replaceFirst("\\?.*", "");
  }

  /// Without what is secret.
  @Override
  public String toString() {
    return "ExporterSettings[endpoint=%s, headers=%s]".formatted(place(), headers.keySet());
  }
}
