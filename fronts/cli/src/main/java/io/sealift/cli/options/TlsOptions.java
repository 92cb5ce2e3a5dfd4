package io.sealift.cli.options;

import io.sealift.cli.console.Surroundings;
import io.sealift.failure.BadReferenceException;
import io.sealift.failure.ImageException;
import io.sealift.failure.NotFoundException;
import io.sealift.imageconfig.Setting;
import io.sealift.oci.Reference;
import io.sealift.secret.SecretSource;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How a registry is known.
public final class TlsOptions {

  /// Bytes of a file of certificates; all authorities of a machine have about 250 000.
  private static final int MAX_PEM_BYTES = 1 << 20;

  @Option(
      names = "--plain-http",
      order = 22,
      description = "Speak HTTP without TLS to the registry.")
  boolean plainHttp;

  @Option(
      names = "--tls-ca",
      paramLabel = "FILE",
      order = 23,
      description =
          "Also trust the certificate authorities in this PEM file: a path, or a URI such as"
              + " kbs:///default/ca/registry.")
  @Nullable String tlsCa;

  @Option(
      names = "--cert-dir",
      paramLabel = "DIR",
      order = 23,
      description =
          "Take certificates from the directories HOST[:PORT] in this one: *.crt are authorities for"
              + " that registry, X.cert with X.key is shown to it. Default: those in"
              + " $$HOME/.config/containers/certs.d, /etc/containers/certs.d and /etc/docker/certs.d.")
  @Nullable Path certDir;

  @Option(
      names = "--registry-socket",
      paramLabel = "HOST[:PORT]=PATH",
      order = 24,
      description =
          "Speak to the registry of this name through the Unix socket at PATH, without TLS. May be"
              + " given several times.")
  Map<String, Path> registrySockets = new LinkedHashMap<>();

  /// The sockets that registries are behind, by their names.
  public Map<String, Path> sockets() throws BadReferenceException {
    for (String registry : registrySockets.keySet()) {
      if (!Reference.isHost(registry)) {
        throw new BadReferenceException(
            "read --registry-socket: expected HOST[:PORT]=PATH, found '%s'".formatted(registry));
      }
    }
    return registrySockets;
  }

  /// The certificate authorities of `--tls-ca` and of the configuration, as PEM.
  public List<byte[]> authorities(Surroundings surroundings, SecretSource secrets)
      throws ImageException, InterruptedIOException {
    List<byte[]> authorities = new ArrayList<>();
    if (tlsCa != null) {
      authorities.add(secrets.read(Uris.of(tlsCa), MAX_PEM_BYTES));
    }
    Optional<String> configured = surroundings.setting(Setting.AUTHORITIES);
    if (configured.isPresent()) {
      authorities.add(secrets.read(configured.get(), MAX_PEM_BYTES));
    }
    return authorities;
  }

  /// The directories with one for each registry, in the order to look in; none need be there but
  /// the one that was named.
  public List<Path> directories(Surroundings surroundings)
      throws BadReferenceException, NotFoundException {
    if (certDir != null) {
      check(certDir);
      return List.of(certDir);
    }
    List<Path> directories = new ArrayList<>();
    surroundings
        .variable("HOME")
        .ifPresent(home -> directories.add(Path.of(home, ".config/containers/certs.d")));
    directories.add(Path.of("/etc/containers/certs.d"));
    directories.add(Path.of("/etc/docker/certs.d"));
    return directories;
  }

  /// Other tools take the directory of one registry by this name.
  private static void check(Path directory) throws BadReferenceException, NotFoundException {
    if (!Files.isDirectory(directory)) {
      throw new NotFoundException(
          "read --cert-dir %s: there is no such directory".formatted(directory));
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.{crt,cert,key}")) {
      if (files.iterator().hasNext()) {
        throw new BadReferenceException(
            "read --cert-dir %s: expected directories named HOST[:PORT], found certificates; put them into one"
                .formatted(directory));
      }
    } catch (IOException unreadable) {
      throw new BadReferenceException(
          "read --cert-dir %s: %s; make it readable".formatted(directory, unreadable.getMessage()),
          unreadable);
    }
  }
}
