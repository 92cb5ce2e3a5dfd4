package io.sealift.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Certificates that openssl(1) makes, in files of one directory.
record OpenSsl(Path directory) {

  /// An authority: `NAME.crt`, `NAME.key`.
  void authority(String name) throws Exception {
    run(
        "req -x509 -newkey rsa:2048 -nodes -days 2 -keyout %s.key -out %s.crt -subj /CN=%s"
            .formatted(name, name, name));
  }

  /// An authority that another one vouches for.
  void authority(String name, String by) throws Exception {
    run("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out %s.key".formatted(name));
    sign(name, by, "basicConstraints=critical,CA:TRUE");
  }

  /// A certificate of a server, with a key in the form that openssl makes by itself.
  void server(String name, String by, String alternativeNames) throws Exception {
    run("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out %s.key".formatted(name));
    sign(name, by, "subjectAltName=" + alternativeNames);
  }

  /// A certificate of a client.
  ///
  /// @param key `PKCS #8`, `PKCS #1` or `SEC 1`
  void client(String name, String by, String key) throws Exception {
    switch (key) {
      case "PKCS #8" ->
          run("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out " + name + ".key");
      case "PKCS #1" -> run("genrsa -traditional -out " + name + ".key 2048");
      case "SEC 1" -> run("ecparam -name secp384r1 -genkey -out " + name + ".key");
      default -> throw new IllegalArgumentException(key);
    }
    sign(name, by, "extendedKeyUsage=clientAuth");
  }

  private void sign(String name, String by, String extension) throws Exception {
    Files.writeString(file(name + ".ext"), extension + "\n");
    run("req -new -key %s.key -out %s.csr -subj /CN=%s".formatted(name, name, name));
    run(
        "x509 -req -in %s.csr -CA %s.crt -CAkey %s.key -CAcreateserial -days 2 -extfile %s.ext -out %s.crt"
            .formatted(name, by, by, name, name));
  }

  Path file(String name) {
    return directory.resolve(name);
  }

  String text(String name) throws Exception {
    return Files.readString(file(name));
  }

  private void run(String arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments.split(" ", -1)));
    Process process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), arguments + ": " + said);
  }
}
