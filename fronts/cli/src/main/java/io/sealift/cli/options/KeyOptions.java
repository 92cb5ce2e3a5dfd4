package io.sealift.cli.options;

import io.sealift.cli.console.Surroundings;
import io.sealift.crypt.KeyFile;
import io.sealift.failure.BadReferenceException;
import io.sealift.failure.ImageException;
import io.sealift.failure.NotFoundException;
import io.sealift.secret.SecretSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What opens encrypted layers.
public final class KeyOptions {

  /// Bytes of a password.
  private static final int MAX_PASSWORD_BYTES = 4096;

  @Option(
      names = "--decryption-key",
      paramLabel = "FILE[:PASSWORD]",
      order = 35,
      description =
          "Open encrypted layers with what is in this file: a private key (PEM, DER or JSON Web Key),"
              + " the certificate that belongs to one, an OpenPGP secret key ring, or ocicrypt's YAML that"
              + " says where a security token has a key (PKCS #11); a path, or a URI such as"
              + " kbs:///default/key/app."
              + " Its password stands behind a colon: as it is or as pass=PASSWORD, file=FILE or"
              + " fd=NUMBER. provider:NAME[:PARAMETERS] hands PARAMETERS to a key provider. May be given"
              + " several times.")
  List<String> decryptionKeys = new ArrayList<>();

  @Option(
      names = "--keyprovider-config",
      paramLabel = "FILE",
      order = 36,
      description =
          "Ask the key providers in this file of ocicrypt's form to open layer keys. Default: the file"
              + " that the variable OCICRYPT_KEYPROVIDER_CONFIG names.")
  @Nullable Path keyproviderConfig;

  /// The files of `--decryption-key`. The caller closes them.
  ///
  /// @param secrets reads those that are named by URIs
  public List<KeyFile> files(SecretSource secrets) throws ImageException, InterruptedIOException {
    List<KeyFile> files = new ArrayList<>();
    boolean done = false;
    try {
      for (String key : decryptionKeys) {
        if (!isForProvider(key)) {
          files.add(Uris.isUri(key) ? resource(key, secrets) : file(key));
        }
      }
      done = true;
      return files;
    } finally {
      if (!done) {
        files.forEach(KeyFile::close);
      }
    }
  }

  private static boolean isForProvider(String key) {
    return key.startsWith("provider:");
  }

  /// What of `--decryption-key` is for key providers, as it stands there.
  public List<String> forProviders() {
    return decryptionKeys.stream().filter(KeyOptions::isForProvider).toList();
  }

  /// The configuration of key providers; empty when there is none.
  public Optional<Path> providers(Surroundings surroundings) {
    return Optional.ofNullable(keyproviderConfig)
        .or(() -> surroundings.variable("OCICRYPT_KEYPROVIDER_CONFIG").map(Path::of));
  }

  /// A URI's path has no colon, so that its first one there ends it.
  private static KeyFile resource(String key, SecretSource secrets)
      throws ImageException, InterruptedIOException {
    int path = key.indexOf('/', key.indexOf("://") + "://".length());
    int end = path < 0 ? key.length() : end(key, path);
    String uri = key.substring(0, end);
    char @Nullable [] password = end == key.length() ? null : password(key.substring(end + 1));
    return new KeyFile(uri, secrets.read(uri, KeyFile.MAX_BYTES), password);
  }

  /// The shortest file name that is there ends at the colon of the password: names may have colons
  /// as well.
  private static KeyFile file(String key) throws BadReferenceException, NotFoundException {
    for (int end = end(key, 0); ; end = end(key, end + 1)) {
      Path file = Path.of(key.substring(0, end));
      if (Files.isRegularFile(file)) {
        byte[] bytes = read(file, KeyFile.MAX_BYTES);
        return new KeyFile(
            file.toString(), bytes, end == key.length() ? null : password(key.substring(end + 1)));
      }
      if (end == key.length()) {
        throw new NotFoundException(
            "read --decryption-key %s: there is no such file".formatted(key.split(":", 2)[0]));
      }
    }
  }

  private static int end(String key, int from) {
    int colon = key.indexOf(':', Math.min(from, key.length()));
    return colon < 0 ? key.length() : colon;
  }

  private static char[] password(String text) throws BadReferenceException {
    if (text.startsWith("pass=")) {
      return text.substring("pass=".length()).toCharArray();
    }
    if (text.startsWith("file=")) {
      return firstLine(Path.of(text.substring("file=".length())));
    }
    if (text.startsWith("fd=")) {
      String number = text.substring("fd=".length());
      if (!number.matches("[0-9]{1,9}")) {
        throw new BadReferenceException(
            "read --decryption-key: expected fd=NUMBER, found fd=" + number);
      }
      return firstLine(Path.of("/proc/self/fd", number));
    }
    return text.toCharArray();
  }

  /// As openssl takes it, which makes such keys.
  private static char[] firstLine(Path file) throws BadReferenceException {
    byte[] bytes = read(file, MAX_PASSWORD_BYTES);
    CharBuffer text = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(bytes));
    int end = 0;
    while (end < text.length() && text.get(end) != '\n' && text.get(end) != '\r') {
      end++;
    }
    char[] line = Arrays.copyOf(text.array(), end);
    Arrays.fill(text.array(), '\0');
    Arrays.fill(bytes, (byte) 0);
    return line;
  }

  private static byte[] read(Path file, int maxBytes) throws BadReferenceException {
    try (InputStream stream = Files.newInputStream(file)) {
      byte[] bytes = stream.readNBytes(maxBytes + 1);
      if (bytes.length > maxBytes) {
        throw new BadReferenceException(
            "read --decryption-key %s: more than the %d bytes allowed".formatted(file, maxBytes));
      }
      return bytes;
    } catch (IOException unreadable) {
      throw new BadReferenceException(
          "read --decryption-key %s: %s".formatted(file, unreadable.getMessage()), unreadable);
    }
  }
}
