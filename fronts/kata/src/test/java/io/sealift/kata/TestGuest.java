package io.sealift.kata;

import io.sealift.failure.ImageException;
import io.sealift.overlay.AutoSnapshotter;
import io.sealift.store.Mount;
import io.sealift.store.Store;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.TarBuilder;
import io.sealift.wire.TtrpcServer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A guest below one directory, from the constructor until {@link #close}: its registry, its
/// settings, its daemon in this process once {@link #start} was called.
final class TestGuest implements AutoCloseable {

  static final String ACCEPT = "{\"default\":[{\"type\":\"insecureAcceptAnything\"}]}";

  final InProcessRegistry registry = InProcessRegistry.start();
  final Path directory;
  final Path socket;
  final Path agentSocket;
  final Path config;
  final Path workDir;
  final List<String> options = new ArrayList<>();
  private @Nullable Daemon daemon;
  private @Nullable TtrpcServer server;

  TestGuest(Path directory) throws IOException {
    this.directory = directory.toRealPath();
    socket = this.directory.resolve("run/cdh.sock");
    agentSocket = this.directory.resolve("run/aa.sock");
    config = this.directory.resolve("cdh.toml");
    workDir = this.directory.resolve("image");
    policy(ACCEPT);
    options.addAll(
        List.of(
            "--config=" + config,
            "--socket=unix://" + socket,
            "--agent=unix://" + agentSocket,
            "--work-dir=" + workDir,
            "--log-level=error"));
  }

  /// Writes the settings, with this policy in them.
  void policy(String json) throws IOException {
    settings("image_security_policy = '''%s'''".formatted(json));
  }

  /// Writes the settings, with these lines besides those about the registry.
  void settings(String... image) throws IOException {
    Files.writeString(
        config,
        """
        [image]
        %s
        [[image.registry_config.registry]]
        location = "%s"
        insecure = true
        """
            .formatted(String.join("\n", image), registry.address()));
  }

  TestGuest start() throws Exception {
    Daemon started = new Daemon(Options.parse(options.toArray(String[]::new)), Map.of(), null);
    daemon = started;
    server = started.listen();
    return this;
  }

  Daemon daemon() {
    return Objects.requireNonNull(daemon);
  }

  TtrpcServer server() {
    return Objects.requireNonNull(server);
  }

  TestAgent agent() throws IOException {
    return TestAgent.connect(socket);
  }

  /// Where a container's bundle goes.
  Path bundle(String container) {
    return directory.resolve("containers").resolve(container);
  }

  /// Pushes an image of one file.
  BuiltImage push(String repository, String content) {
    BuiltImage image = image(content);
    registry.push(repository, "latest", image);
    return image;
  }

  static BuiltImage image(String content) {
    return new ImageBuilder()
        .layer(new TarBuilder().directory("etc").file("etc/os-release", content).build())
        .config("Cmd", List.of("/bin/true"))
        .build();
  }

  String name(String repository) {
    return registry.name(repository, "latest");
  }

  /// Root file systems that the store knows of.
  List<Mount> mounts() throws ImageException, InterruptedIOException {
    try (Store store = Store.openExisting(workDir, new AutoSnapshotter())) {
      return store.mounts();
    }
  }

  /// Undoes a bundle as the end of its container does.
  void unmount(Path bundle) throws ImageException, InterruptedIOException {
    try (Store store = Store.open(workDir, new AutoSnapshotter())) {
      store.unmount(bundle.resolve("rootfs"));
    }
  }

  void unmountAll() throws ImageException, InterruptedIOException {
    try (Store store = Store.open(workDir, new AutoSnapshotter())) {
      for (Mount mount : store.mounts()) {
        store.unmount(mount.rootfs());
      }
    }
  }

  @Override
  public void close() {
    try {
      if (server != null) {
        server.close();
      }
      unmountAll();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (ImageException failed) {
      throw new IllegalStateException(failed);
    } finally {
      registry.close();
    }
  }
}
