package io.sealift.keyprovider;

import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.sealift.failure.BadReferenceException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.json.JsonLimits;
import io.sealift.json.JsonObject;
import io.sealift.json.JsonReader;
import io.sealift.wire.UnixAddress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Reads the file that `OCICRYPT_KEYPROVIDER_CONFIG` names (ocicrypt, `config/keyprovider-config`):
///
/// ```json
/// {"key-providers": {"NAME": {"cmd": {"path": "/usr/bin/x", "args": ["a"]}}}}
/// ```
///
/// | member of a provider | transport |
/// |---|---|
/// | `cmd` with `path` and `args` | a program |
/// | `grpc`, and `grpc-tls` | a service, `host:port` |
/// | `ttrpc` | a service, `unix:///PATH` |
/// | `native` | code inside ocicrypt's library for Rust; there is none here |
///
/// The first of them counts. Whatever else stands there is refused: a word misspelled would send a
/// key elsewhere.
final class ProviderConfig {

  /// Bytes of the file; one provider takes a hundred.
  private static final int MAX_BYTES = 1 << 20;

  private static final String PROVIDERS = "key-providers";
  private static final Set<String> MEMBERS = Set.of("cmd", "grpc", "grpc-tls", "ttrpc", "native");

  private final Path file;

  private ProviderConfig(Path file) {
    this.file = file;
  }

  /// The providers by name.
  ///
  /// @throws BadReferenceException when it is no such file, with its name and the key
  static Map<String, Transport> read(Path file) throws BadReferenceException {
    return new ProviderConfig(file).providers();
  }

  private Map<String, Transport> providers() throws BadReferenceException {
    try {
      JsonObject config =
          JsonReader.readObject(bytes(), file.toString(), JsonLimits.ofBytes(MAX_BYTES));
      only(config, Set.of(PROVIDERS), "");
      JsonObject providers = config.object(PROVIDERS);
      Map<String, Transport> transports = new LinkedHashMap<>();
      for (String name : providers.names()) {
        transports.put(name, transport(PROVIDERS + "/" + name, providers.object(name)));
      }
      return transports;
    } catch (UnsafeContentException malformed) {
      throw new BadReferenceException(String.valueOf(malformed.getMessage()), malformed);
    }
  }

  private byte[] bytes() throws BadReferenceException {
    try (InputStream stream = Files.newInputStream(file)) {
      // One byte more than allowed, which the reader of JSON refuses.
      return stream.readNBytes(MAX_BYTES + 1);
    } catch (IOException unreadable) {
      throw new BadReferenceException(
          "read key providers %s: %s; name a file that can be read".formatted(file, unreadable),
          unreadable);
    }
  }

  private Transport transport(String key, JsonObject provider)
      throws BadReferenceException, UnsafeContentException {
    only(provider, MEMBERS, key);
    if (provider.has("cmd")) {
      JsonObject command = provider.object("cmd");
      only(command, Set.of("path", "args"), key + "/cmd");
      String path = command.string("path");
      if (path.isEmpty()) {
        throw wrong(key + "/cmd/path", "it is empty, expected a program");
      }
      return new CommandTransport(path, command.strings("args"));
    }
    try {
      if (provider.has("grpc")) {
        return grpc(key, provider);
      }
      if (provider.has("ttrpc")) {
        return new TtrpcTransport(UnixAddress.parse(provider.string("ttrpc")));
      }
    } catch (IllegalArgumentException malformed) {
      throw wrong(key, String.valueOf(malformed.getMessage()));
    }
    throw provider.has("native")
        ? wrong(
            key + "/native",
            "native providers are part of ocicrypt's library for Rust and not of this program;"
                + " use cmd, grpc or ttrpc")
        : wrong(key, "it names no transport, expected one of cmd, grpc, ttrpc");
  }

  private GrpcTransport grpc(String key, JsonObject provider)
      throws BadReferenceException, UnsafeContentException {
    GrpcAddress address = GrpcAddress.parse(provider.string("grpc"));
    if (!provider.has("grpc-tls")) {
      ChannelCredentials none = InsecureChannelCredentials.create();
      return new GrpcTransport(address.host(), address.port(), none, null);
    }
    JsonObject tls = provider.object("grpc-tls");
    String tlsKey = key + "/grpc-tls";
    only(tls, GrpcTls.MEMBERS, tlsKey);
    try {
      return new GrpcTransport(
          address.host(),
          address.port(),
          GrpcTls.credentials(tls),
          tls.optionalString("server-name").filter(name -> !name.isEmpty()).orElse(null));
    } catch (IOException | IllegalArgumentException unusable) {
      throw wrong(tlsKey, String.valueOf(unusable));
    }
  }

  private void only(JsonObject object, Set<String> names, String key) throws BadReferenceException {
    for (String name : object.names()) {
      if (!names.contains(name)) {
        String where = key.isEmpty() ? name : key + "/" + name;
        throw wrong(where, "nothing of this name is known, expected one of " + sorted(names));
      }
    }
  }

  private static String sorted(Set<String> names) {
    return String.join(", ", new TreeSet<>(names));
  }

  private BadReferenceException wrong(String key, String what) {
    return new BadReferenceException("read key providers %s: %s: %s".formatted(file, key, what));
  }
}
