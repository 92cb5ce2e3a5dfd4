package io.sealift.cri;

import io.sealift.failure.BadReferenceException;
import io.sealift.imageconfig.ByteSize;
import io.sealift.imageconfig.Configuration;
import io.sealift.service.Budget;
import io.sealift.service.LineFormat;
import io.sealift.service.ListenAddress;
import io.sealift.service.Log;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What the daemon is started with. What an option says counts before everything else, also when
/// the settings are read again.
final class ServeOptions {

  /// Pulls at a time unless said otherwise; a kubelet asks for one after the other unless told
  /// otherwise.
  static final int PULLS = 8;

  private static final int MAX_PULLS = 64;

  /// Where clients are told to look in the examples.
  private static final Path SOCKET = Path.of("/run/sealift/cri.sock");

  private static final String UNIX = "unix://";

  @Option(
      names = "--socket",
      paramLabel = "ADDRESS",
      order = 1,
      description =
          "Answer on this Unix socket, unix:///PATH or /PATH, which only this user may use. Default:"
              + " /run/sealift/cri.sock. A socket that systemd made for this process goes before.")
  @Nullable String socket;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      order = 2,
      description =
          "Take settings that no option and no variable says from this file, JSON or TOML with the keys"
              + " of image-rs. Default: what the variable SEALIFT_CONFIG names, or else the kernel's"
              + " command line. Read again on SIGHUP.")
  @Nullable Path config;

  @Option(
      names = "--work-dir",
      paramLabel = "DIR",
      order = 3,
      description =
          "Keep images in this directory. Default: what the settings say, or else /var/lib/sealift.")
  @Nullable Path workDir;

  @Option(
      names = "--policy",
      paramLabel = "FILE",
      order = 10,
      description =
          "Ask this policy whether an image may enter: a path or a URI. Default: what the settings say,"
              + " or else /etc/containers/policy.json. Without any, every image is refused.")
  @Nullable String policy;

  @Option(
      names = "--insecure-policy",
      order = 11,
      description = "Let every image in, without looking for a policy.")
  boolean insecurePolicy;

  @Option(
      names = "--authfile",
      paramLabel = "FILE",
      order = 20,
      description =
          "Take credentials from this file when a registry wants some and the call brings none, and for"
              + " mirrors: a path or a URI. Default: what the settings say, or else nobody signs in.")
  @Nullable String authfile;

  @Option(
      names = "--registries-conf",
      paramLabel = "FILE",
      order = 21,
      description =
          "Read from this file, and no other, where images may be had: a path or a URI. Default: what"
              + " the settings say, or else registries.conf and registries.conf.d of /etc/containers.")
  @Nullable String registriesConf;

  @Option(
      names = "--registry-hosts-dir",
      paramLabel = "DIR",
      order = 22,
      description =
          "Read where images may be had from the hosts.toml files in this directory, as containerd"
              + " does, and not from a registries.conf.")
  @Nullable Path registryHostsDir;

  @Option(
      names = "--cert-dir",
      paramLabel = "DIR",
      order = 23,
      description =
          "Take certificates from the directories HOST[:PORT] in this one. Default: those in"
              + " /etc/containers/certs.d and /etc/docker/certs.d.")
  @Nullable Path certDir;

  @Option(
      names = "--decryption-keys-dir",
      paramLabel = "DIR",
      order = 30,
      description =
          "Open encrypted layers with the files in this directory: private keys (PEM, DER or JSON Web"
              + " Key), certificates that belong to them, OpenPGP secret key rings, none with a password."
              + " Key providers are those of the file that the variable OCICRYPT_KEYPROVIDER_CONFIG names.")
  @Nullable Path decryptionKeysDir;

  @Option(
      names = "--max-concurrent-pulls",
      paramLabel = "N",
      order = 40,
      description =
          "Work on so many pulls side by side, 1 to 64; others wait. Default: ${DEFAULT-VALUE}.",
      defaultValue = "8")
  int maxConcurrentPulls = PULLS;

  @Option(
      names = "--memory-limit",
      paramLabel = "SIZE",
      order = 43,
      description =
          "Take no more memory than this, 256M or more, for all that is not the store: pulls and layers"
              + " wait for each other. Default: 256 MiB for the Java heap and 192 MiB besides.")
  @Nullable String memoryLimit;

  @Option(
      names = "--pinned-image",
      paramLabel = "NAME",
      order = 41,
      description =
          "Tell clients that this image is to stay when they make room: a reference, or the beginning of"
              + " some with a * behind. May be given several times. Default: what the settings say, or"
              + " else images of sandboxes, registry.k8s.io/pause:*.")
  List<String> pinnedImages = new ArrayList<>();

  @Option(
      names = "--runtime-handler",
      paramLabel = "NAME",
      order = 42,
      description =
          "Accept images for this runtime handler too, which share the one store. May be given several"
              + " times. Images for others are refused.")
  List<String> runtimeHandlers = new ArrayList<>();

  @Option(
      names = "--metrics",
      paramLabel = "HOST:PORT",
      order = 50,
      description =
          "Answer there, over HTTP, what goes on: /metrics for Prometheus, /healthz and /readyz.")
  @Nullable String metrics;

  @Option(
      names = "--log",
      paramLabel = "FORM",
      order = 51,
      defaultValue = "text",
      description = "Log to standard error as text or json. Default: ${DEFAULT-VALUE}.")
  LineFormat log = LineFormat.TEXT;

  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      order = 52,
      defaultValue = "info",
      description =
          "Log debug, info, warn or error, and what matters more. Default: ${DEFAULT-VALUE}.")
  Log.Level logLevel = Log.Level.INFO;

  /// @throws BadReferenceException when options make no sense together
  void check() throws BadReferenceException {
    if (insecurePolicy && policy != null) {
      throw new BadReferenceException(
          "read --policy and --insecure-policy: expected one of them, found both");
    }
    if (registriesConf != null && registryHostsDir != null) {
      throw new BadReferenceException(
          "read --registries-conf and --registry-hosts-dir: expected one of them, found both");
    }
    if (maxConcurrentPulls < 1 || maxConcurrentPulls > MAX_PULLS) {
      throw new BadReferenceException(
          "read --max-concurrent-pulls: expected 1 to %d, found %d"
              .formatted(MAX_PULLS, maxConcurrentPulls));
    }
    for (String handler : runtimeHandlers) {
      if (handler.isEmpty()) {
        throw new BadReferenceException("read --runtime-handler: expected a name, found none");
      }
    }
  }

  /// How the memory is divided that the daemon may take; empty when nothing is said of it.
  Optional<Budget> budget() throws BadReferenceException {
    return memoryLimit == null
        ? Optional.empty()
        : Optional.of(
            Budget.of(
                ByteSize.of(new Configuration.Value(memoryLimit, "--memory-limit")),
                maxConcurrentPulls,
                "--memory-limit"));
  }

  /// Where to answer.
  Path socket() throws BadReferenceException {
    if (socket == null) {
      return SOCKET;
    }
    String path = socket.startsWith(UNIX) ? socket.substring(UNIX.length()) : socket;
    if (!path.startsWith("/")) {
      throw new BadReferenceException(
          "read --socket %s: expected unix:///PATH or /PATH".formatted(socket));
    }
    return Path.of(path).normalize();
  }

  Optional<InetSocketAddress> metrics() throws BadReferenceException {
    return metrics == null
        ? Optional.empty()
        : Optional.of(ListenAddress.parse(metrics, "--metrics"));
  }
}
