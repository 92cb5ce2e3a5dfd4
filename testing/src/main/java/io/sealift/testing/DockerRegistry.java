package io.sealift.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The registry that Docker made (distribution), on a free port of 127.0.0.1 until {@link #close};
/// the program `docker-registry`.
public final class DockerRegistry implements AutoCloseable {

  private final ForeignServer server;

  private DockerRegistry(ForeignServer server) {
    this.server = server;
  }

  /// One that gives to everyone, without TLS.
  ///
  /// @param scratch where it keeps everything; several registries with one have the same images
  public static DockerRegistry start(Path scratch) throws IOException, InterruptedException {
    return start(scratch, "{}", "{}");
  }

  /// @param tls what its settings have as `http.tls`, in YAML on one line; `{}` for none
  /// @param auth what its settings have as `auth`; `{}` for none
  public static DockerRegistry start(Path scratch, String tls, String auth)
      throws IOException, InterruptedException {
    int port = ForeignServer.freePort();
    Path settings =
        Files.writeString(
            scratch.resolve("registry-%d.yml".formatted(port)),
            """
            version: 0.1
            storage: {filesystem: {rootdirectory: %s}}
            http: {addr: "127.0.0.1:%d", tls: %s}
            auth: %s
            """
                .formatted(scratch.resolve("registry"), port, tls, auth));
    return new DockerRegistry(
        ForeignServer.start(
            "127.0.0.1",
            port,
            scratch.resolve("registry-%d.log".formatted(port)),
            List.of("docker-registry", "serve", settings.toString())));
  }

  /// Host and port.
  public String address() {
    return server.address();
  }

  /// What it said so far.
  public String said() {
    return server.said();
  }

  @Override
  public void close() {
    server.close();
  }
}
