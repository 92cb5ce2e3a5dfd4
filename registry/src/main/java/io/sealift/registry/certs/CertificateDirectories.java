package io.sealift.registry.certs;

import io.sealift.failure.BadReferenceException;
import io.sealift.oci.Reference;
import io.sealift.registry.CertificateSource;
import io.sealift.source.TlsFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/// Directories like `/etc/containers/certs.d`. Each may have one named `HOST[:PORT]` for a
/// registry, whose port has to be there exactly when the registry's name has it; the first that is
/// there counts alone.
///
/// | file in it | is |
/// |---|---|
/// | `*.crt` | authorities that may vouch for the registry |
/// | `X.cert`, `X.key` | a certificate of ours, chain included, and its private key |
///
/// Files are read when a connection is made.
public final class CertificateDirectories implements CertificateSource {

  /// Bytes of a file; all authorities of a machine have about 250 000.
  private static final int MAX_BYTES = 1 << 20;

  /// Files of a directory; one or three are usual.
  private static final int MAX_FILES = 100;

  private final List<Path> directories;
  private final KeyReader keys;

  /// Reads private keys.
  public interface KeyReader {

    /// @param file stays the caller's
    /// @throws GeneralSecurityException when that is none that can be opened; the message is the
    ///   rest of a sentence about the file
    PrivateKey read(byte[] file) throws GeneralSecurityException;
  }

  /// @param directories in the order to look in
  public CertificateDirectories(List<Path> directories, KeyReader keys) {
    this.directories = List.copyOf(directories);
    this.keys = keys;
  }

  @Override
  public Certificates certificatesFor(String registry) throws BadReferenceException {
    if (Reference.isHost(registry)) {
      for (Path directory : directories) {
        Path own = directory.resolve(registry);
        if (Files.isDirectory(own)) {
          return read(own);
        }
      }
    }
    return new Certificates(List.of(), List.of());
  }

  @Override
  public Certificates certificatesIn(TlsFiles files) throws BadReferenceException {
    List<X509Certificate> authorities = new ArrayList<>();
    for (Path file : files.authorities()) {
      authorities.addAll(CertificateSource.read(bytes(file), file.toString()));
    }
    List<Own> own = new ArrayList<>();
    for (TlsFiles.Pair pair : files.own()) {
      own.add(own(pair.certificate(), pair.key()));
    }
    return new Certificates(authorities, own);
  }

  private Own own(Path certificate, Path key) throws BadReferenceException {
    List<X509Certificate> chain =
        CertificateSource.read(bytes(certificate), certificate.toString());
    PrivateKey read = key(key);
    if (!KeyTrial.belong(read, chain.getFirst().getPublicKey())) {
      throw new BadReferenceException(
          "read %s: expected the private key of the first certificate in %s, found another one"
              .formatted(key, certificate));
    }
    return new Own(chain, read);
  }

  private Certificates read(Path directory) throws BadReferenceException {
    List<X509Certificate> authorities = new ArrayList<>();
    List<Own> own = new ArrayList<>();
    for (Path file : files(directory)) {
      String name = file.getFileName().toString();
      if (name.endsWith(".crt")) {
        authorities.addAll(CertificateSource.read(bytes(file), file.toString()));
      } else if (name.endsWith(".cert")) {
        own.add(own(file, partner(file, ".cert", ".key")));
      } else if (name.endsWith(".key")) {
        partner(file, ".key", ".cert");
      }
    }
    return new Certificates(authorities, own);
  }

  private static Iterable<Path> files(Path directory) throws BadReferenceException {
    TreeSet<Path> files = new TreeSet<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
      for (Path file : all) {
        files.add(file);
        if (files.size() > MAX_FILES) {
          throw new BadReferenceException(
              "read certificates in %s: more than the %d files allowed"
                  .formatted(directory, MAX_FILES));
        }
      }
      return files;
    } catch (IOException unreadable) {
      throw bad(directory, unreadable.getMessage() + "; make it readable", unreadable);
    }
  }

  private static Path partner(Path file, String ending, String other) throws BadReferenceException {
    String name = file.getFileName().toString();
    String partner = name.substring(0, name.length() - ending.length()) + other;
    Path path = file.resolveSibling(partner);
    if (!Files.exists(path)) {
      throw new BadReferenceException(
          "read certificates in %s: %s is there without %s; authorities end in .crt"
              .formatted(file.getParent(), name, partner));
    }
    return path;
  }

  private PrivateKey key(Path file) throws BadReferenceException {
    byte[] bytes = bytes(file);
    try {
      return keys.read(bytes);
    } catch (GeneralSecurityException unusable) {
      throw bad(file, "expected a private key, " + unusable.getMessage(), unusable);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private static byte[] bytes(Path file) throws BadReferenceException {
    try (InputStream stream = Files.newInputStream(file)) {
      byte[] bytes = stream.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new BadReferenceException(
            "read %s: more than the %d bytes allowed".formatted(file, MAX_BYTES));
      }
      return bytes;
    } catch (IOException unreadable) {
      throw bad(file, unreadable.getMessage() + "; make it readable", unreadable);
    }
  }

  private static BadReferenceException bad(Path file, String reason, Exception cause) {
    return new BadReferenceException("read %s: %s".formatted(file, reason), cause);
  }
}
