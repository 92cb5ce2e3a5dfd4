package io.sealift.simple;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The real gpg with a home of its own, whose agent ends with {@link #close}.
final class Gpg implements AutoCloseable {

  private final Path home;

  /// @param home a directory that is made; its path is short, for sockets lie in it
  Gpg(Path home) throws IOException {
    this.home = home;
    Files.createDirectory(
        home, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  Path home() {
    return home;
  }

  /// What gpg did and said.
  @SuppressWarnings("ArrayRecordComponent")
  record Ran(int status, byte[] out, String said) {}

  /// Runs gpg with this input; its messages and its state are in {@link Ran#said}.
  Ran run(byte[] input, List<String> arguments) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("gpg", "--homedir", home.toString(), "--no-tty", "--status-fd=2"));
    command.addAll(arguments);
    Path in = Files.write(Files.createTempFile(home, "in", ""), input);
    Path said = Files.createTempFile(home, "said", "");
    Process gpg =
        new ProcessBuilder(command).redirectInput(in.toFile()).redirectError(said.toFile()).start();
    byte[] out = gpg.getInputStream().readAllBytes();
    return new Ran(gpg.waitFor(), out, Files.readString(said, StandardCharsets.ISO_8859_1));
  }

  /// Runs gpg, which has to succeed.
  byte[] does(byte[] input, String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of("--batch", "--yes", "--passphrase="));
    all.addAll(Arrays.asList(arguments));
    Ran ran = run(input, all);
    assertEquals(0, ran.status(), ran.said());
    return ran.out();
  }

  /// Makes a primary key.
  ///
  /// @param at a time that gpg is to take for now, such as `20250101T000000`; empty for the real
  ///   one
  /// @return its fingerprint
  String makeKey(String user, String algorithm, String usage, String expires, String at)
      throws Exception {
    does(new byte[0], at(at, "--quick-gen-key", user, algorithm, usage, expires));
    return fingerprint(user);
  }

  /// Adds a subkey.
  ///
  /// @return its fingerprint
  String makeSubkey(String primary, String algorithm, String usage, String expires, String at)
      throws Exception {
    does(new byte[0], at(at, "--quick-add-key", primary, algorithm, usage, expires));
    return listed(primary).getLast();
  }

  private static String[] at(String at, String... arguments) {
    List<String> all = new ArrayList<>(Arrays.asList(arguments));
    if (!at.isEmpty()) {
      all.add(0, "--faked-system-time=" + at + "!"); // a clock that stands
    }
    return all.toArray(String[]::new);
  }

  String fingerprint(String user) throws Exception {
    return listed("=" + user).getFirst();
  }

  /// Fingerprints of a key and its subkeys.
  private List<String> listed(String key) throws Exception {
    String list =
        new String(
            does(
                new byte[0], "--with-colons", "--fingerprint", "--fingerprint", "--list-keys", key),
            StandardCharsets.UTF_8);
    return list.lines()
        .filter(line -> line.startsWith("fpr:"))
        .map(line -> line.split(":", -1)[9])
        .toList();
  }

  byte[] export(String... keys) throws Exception {
    List<String> all = new ArrayList<>(List.of("--export"));
    all.addAll(Arrays.asList(keys));
    return does(new byte[0], all.toArray(String[]::new));
  }

  /// Signs as skopeo does, but for what the arguments say.
  byte[] sign(byte[] data, String key, String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of("--local-user", key + "!", "--sign"));
    all.addAll(Arrays.asList(arguments));
    return does(data, all.toArray(String[]::new));
  }

  /// Revokes a primary key with the certificate that gpg made for the purpose.
  void revoke(String primary) throws Exception {
    String certificate =
        Files.readString(home.resolve("openpgp-revocs.d").resolve(primary + ".rev"));
    does(
        certificate.replace(":-----BEGIN", "-----BEGIN").getBytes(StandardCharsets.UTF_8),
        "--import");
  }

  /// Tells gpg's editor of keys what to do.
  void edit(String key, String... commands) throws Exception {
    String input = String.join("\n", commands) + "\n";
    Ran ran =
        run(
            input.getBytes(StandardCharsets.UTF_8),
            List.of(
                "--command-fd=0", "--passphrase=", "--pinentry-mode=loopback", "--edit-key", key));
    assertEquals(0, ran.status(), ran.said());
  }

  /// The data of a message whose one signature is good now, as containers/image has it; empty when
  /// there is none.
  Optional<byte[]> verified(byte[] message) throws Exception {
    Ran ran = run(message, List.of("--batch", "--decrypt"));
    List<String> states =
        ran.said()
            .lines()
            .filter(line -> line.startsWith("[GNUPG:] "))
            .map(line -> line.split(" ", -1)[1])
            .toList();
    boolean good =
        ran.status() == 0
            && states.stream().filter("NEWSIG"::equals).count() == 1
            && states.contains("GOODSIG")
            && states.contains("VALIDSIG");
    return good ? Optional.of(ran.out()) : Optional.empty();
  }

  @Override
  public void close() throws IOException {
    new ProcessBuilder("gpgconf", "--homedir", home.toString(), "--kill", "all")
        .start()
        .onExit()
        .join();
  }
}
