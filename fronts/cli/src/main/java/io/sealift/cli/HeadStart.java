package io.sealift.cli;

import io.sealift.failure.ImageException;
import io.sealift.linux.TreeFiles;
import io.sealift.linux.library.Libcrypto;
import io.sealift.oci.DigestAlgorithm;
import io.sealift.oci.Document;
import io.sealift.oci.ImageConfig;
import io.sealift.verify.Hasher;
import io.sealift.verify.Hashing;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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

  private static volatile @Nullable Thread begun;

  private HeadStart() {}

  /// Whether a command gains by it.
  static boolean helps(String command) {
    return COMMANDS.contains(command);
  }

  /// Begins.
  ///
  /// @param command one like that which is about to be read from arguments
  static void begin(Object command) {
    begun = Thread.ofPlatform().name("head start").daemon().start(() -> run(command));
  }

  /// Waits until it is over: for who sets variables of the environment, which native code of it
  /// reads.
  static void end() {
    Thread running = begun;
    boolean interrupted = false;
    while (running != null && running.isAlive()) {
      try {
        running.join();
      } catch (InterruptedException again) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void run(Object command) {
    try {
      all(command);
    } catch (ImageException | IllegalAccessException | LinkageError | IllegalStateException told) {
      // Whoever needs it is told the same.
      return;
    }
  }

  /// In the order in which a pull needs them.
  static void all(Object command) throws ImageException, IllegalAccessException {
    options(command);
    digests();
    documents();
    files();
  }

  /// Looks at all options as who parses arguments does: what reads a field by reflection is made
  /// once for all objects.
  ///
  /// @return how many there are
  static int options(Object command) throws IllegalAccessException {
    int options = 0;
    Class<?> type = command.getClass();
    while (type != null) {
      for (Field field : type.getDeclaredFields()) {
        boolean mixin = field.isAnnotationPresent(Mixin.class);
        if (mixin || field.isAnnotationPresent(Option.class)) {
          field.setAccessible(true);
          Object value = field.get(command);
          options += mixin && value != null ? options(value) : 1;
        }
      }
      type = type.getSuperclass();
    }
    return options;
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

  /// Binds the system calls, and opens what names of temporary directories are drawn from.
  private static void files() throws ImageException {
    new SecureRandom().nextInt();
    TreeFiles.identity(Path.of("/"));
  }
}
