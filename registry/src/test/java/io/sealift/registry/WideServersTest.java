package io.sealift.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.oci.MediaType;
import io.sealift.oci.Reference;
import io.sealift.source.ImageSource;
import io.sealift.testing.BuiltBlob;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.DistantRelay;
import io.sealift.testing.DockerRegistry;
import io.sealift.testing.ForeignServer;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.LayoutWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Servers that others made and that give a blob in parts.
@Tag("peers")
class WideServersTest {

  private static final int SIZE = 20_000_000;
  private static final BuiltImage IMAGE = new ImageBuilder().layer(random()).build();
  private static final BuiltBlob LAYER = IMAGE.layers().getFirst();

  @TempDir Path scratch;

  private static BuiltBlob random() {
    byte[] bytes = new byte[SIZE];
    new Random(1).nextBytes(bytes);
    return BuiltBlob.of(new MediaType("application/vnd.oci.image.layer.v1.tar"), bytes);
  }

  /// @return connections that it took
  private static int read(String server, Width width) throws Exception {
    DistantRelay.Distance distance = new DistantRelay.Distance(Duration.ofMillis(5), 0, 0);
    try (DistantRelay relay = new DistantRelay(server, distance);
        ImageSource source =
            RegistryClient.builder()
                .plainHttp(true)
                .width(width)
                .build()
                .open(Reference.parse(relay.address() + "/app:v1"))) {
      assertArrayEquals(LAYER.bytes(), Setting.read(source, LAYER.descriptor()));
      return relay.connections();
    }
  }

  @Test
  void theRegistryThatDockerMade() throws Exception {
    Path layout = new LayoutWriter().add(IMAGE, "v1").writeTo(scratch.resolve("layout"));
    try (DockerRegistry registry = DockerRegistry.start(scratch)) {
      registry.push(layout, "app");
      int connections = read(registry.address(), Certain.width(1 << 20, true));
      assertTrue(connections >= 3, "connections: " + connections);
    }
  }

  /// Measured: it gives four megabytes a second over each connection, in bursts.
  @Test
  void nginxThatLimitsEachConnection() throws Exception {
    Path blobs = Files.createDirectories(scratch.resolve("v2/app/blobs"));
    Files.write(blobs.resolve(LAYER.digest()), LAYER.bytes());
    int port = ForeignServer.freePort();
    Width width = new Width(16 << 20, 256 * 1024, 8, 4, MeasuredTrial::new);
    try (ForeignServer nginx =
        Nginx.start(
            scratch,
            port,
            "listen 127.0.0.1:%d; root %s; limit_rate 4m;".formatted(port, scratch))) {
      int connections = read(nginx.address(), width);
      assertTrue(connections >= 3, "connections: " + connections);
    }
  }
}
