package io.sealift.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
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

  /// Has the image `v1` of a layout brought here by skopeo, as `NAME:v1` and with the digests that
  /// it has.
  ///
  /// @param name of the repository
  public void push(Path layout, String name) throws IOException, InterruptedException {
    Process skopeo =
        new ProcessBuilder(
                "skopeo",
                "copy",
                "--quiet",
                "--preserve-digests",
                "--insecure-policy",
                "--retry-times",
                "5",
                "--dest-tls-verify=false",
                "oci:" + layout + ":v1",
                "docker://%s/%s:v1".formatted(address(), name))
            .redirectErrorStream(true)
            .start();
    String said = new String(skopeo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (skopeo.waitFor() != 0) {
      throw new IOException("skopeo: " + said);
    }
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
