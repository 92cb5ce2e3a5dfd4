package io.sealift.testing.crypt;

import io.sealift.testing.PemText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Tokens of SoftHSM, made by the real `softhsm2-util`: files in a directory. Programs and modules
/// find them when `SOFTHSM2_CONF` is {@link #configuration}.
public record SoftToken(Path directory) {

  /// What every token here takes.
  public static final String PIN = "1234";

  private static final List<String> MODULES =
      List.of(
          "/usr/lib/softhsm/libsofthsm2.so",
          "/usr/lib64/pkcs11/libsofthsm2.so",
          "/usr/lib64/softhsm/libsofthsm2.so");

  /// One with a token.
  ///
  /// @param directory for its files
  public static SoftToken create(Path directory, String label)
      throws IOException, InterruptedException {
    SoftToken token = new SoftToken(directory);
    Path tokens = Files.createDirectories(directory.resolve("tokens"));
    Files.writeString(
        token.configuration(),
        """
        directories.tokendir = %s
        objectstore.backend = file
        log.level = ERROR
        slots.removable = false
        """
            .formatted(tokens));
    return token.add(label);
  }

  /// The module of SoftHSM.
  public static Path module() {
    return MODULES.stream().map(Path::of).filter(Files::exists).findFirst().orElseThrow();
  }

  public Path configuration() {
    return directory.resolve("softhsm2.conf");
  }

  /// Adds a token, which may be called as another is.
  public SoftToken add(String label) throws IOException, InterruptedException {
    util("--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", "4321");
    return this;
  }

  /// Puts a key pair on a token.
  ///
  /// @param id hexadecimal
  public SoftToken put(KeyPair keys, String token, String object, String id)
      throws IOException, InterruptedException {
    return put(keys.getPrivate(), token, object, id);
  }

  /// The same, when only the private key is at hand.
  public SoftToken put(PrivateKey key, String token, String object, String id)
      throws IOException, InterruptedException {
    Path file = Files.createTempFile(directory, "key", ".pem");
    try {
      Files.writeString(file, PemText.of("PRIVATE KEY", key.getEncoded()));
      util(
          "--import",
          file.toString(),
          "--token",
          token,
          "--label",
          object,
          "--id",
          id,
          "--pin",
          PIN);
    } finally {
      Files.delete(file);
    }
    return this;
  }

  private void util(String... arguments) throws IOException, InterruptedException {
    List<String> command = Stream.concat(Stream.of("softhsm2-util"), Stream.of(arguments)).toList();
    ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command)).redirectErrorStream(true);
    builder.environment().put("SOFTHSM2_CONF", configuration().toString());
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException(said);
    }
  }

  /// A key file as ocicrypt takes it.
  ///
  /// @param uri as it is
  public String keyFile(String uri) {
    return """
    pkcs11:
      uri: %s
    module:
      env:
        SOFTHSM2_CONF: %s
    """
        .formatted(uri, configuration());
  }

  /// The configuration of ocicrypt that allows this module and nothing else.
  ///
  /// @return its file
  public Path allowing() throws IOException {
    return Files.writeString(
        directory.resolve("ocicrypt.conf"),
        """
        pkcs11:
          module-directories:
            - %1$s/
          allowed-module-paths:
            - %1$s/
        """
            .formatted(module().getParent()));
  }

  /// As an environment has it, for {@link #allowing}.
  public Optional<String> variable(String name) {
    return name.equals("OCICRYPT_CONFIG")
        ? Optional.of(directory.resolve("ocicrypt.conf").toString())
        : Optional.empty();
  }
}
