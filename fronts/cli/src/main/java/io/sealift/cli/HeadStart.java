package io.sealift.cli;

import io.sealift.failure.ImageException;
import io.sealift.linux.TreeFiles;
import io.sealift.linux.library.Libcrypto;
import io.sealift.oci.DigestAlgorithm;
import io.sealift.oci.Document;
import io.sealift.oci.ImageConfig;
import io.sealift.verify.Hasher;
import io.sealift.verify.Hashing;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// What every command that brings layers needs of the Java platform and of native libraries, made
/// ready by a thread of its own while arguments are read and a registry is on its way: the first
/// call of each costs milliseconds, later ones nothing.
///
/// Nothing of it is kept and nobody waits for it. What fails here fails again, and is told, where
/// it is needed.
final class HeadStart {

  /// Commands that ask for layers.
  private static final List<String> COMMANDS = List.of("pull", "unpack", "ls", "cat");

  /// The smallest image there is.
  static final byte[] MANIFEST =
      """
      {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
       "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "size": 2,
        "digest": "sha256:%1$s"},
       "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar", "size": 1,
        "digest": "sha256:%1$s"}]}
      """
          .formatted("0".repeat(64))
          .getBytes(StandardCharsets.UTF_8);

  static final byte[] CONFIG =
      """
      {"architecture": "amd64", "os": "linux",
       "rootfs": {"type": "layers", "diff_ids": ["sha256:%s"]}}
      """
          .formatted("0".repeat(64))
          .getBytes(StandardCharsets.UTF_8);

  private HeadStart() {}

  /// Whether a command gains by it.
  static boolean helps(String command) {
    return COMMANDS.contains(command);
  }

  /// Begins.
  static void begin() {
    Thread.ofPlatform().name("head start").daemon().start(HeadStart::run);
  }

  private static void run() {
    try {
      all();
    } catch (ImageException | LinkageError | IllegalStateException told) {
      // Whoever needs it is told the same.
      return;
    }
  }

  /// In the order in which a pull needs them.
  static void all() throws ImageException {
    documents();
    digests();
    files();
  }

  private static void documents() throws ImageException {
    Document.parse(MANIFEST, null);
    ImageConfig.parse(CONFIG);
  }

  private static void digests() {
    Hashing hashing = Libcrypto.load().found().orElse(null);
    if (hashing != null) {
      try (Hasher hasher = hashing.open(DigestAlgorithm.SHA256)) {
        hasher.update(ByteBuffer.allocateDirect(1));
        hasher.digest();
      }
    }
  }

  /// Binds the system calls.
  private static void files() throws ImageException {
    TreeFiles.identity(Path.of("/"));
  }
}
