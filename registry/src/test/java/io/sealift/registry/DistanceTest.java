package io.sealift.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.oci.MediaType;
import io.sealift.oci.Reference;
import io.sealift.source.ImageSource;
import io.sealift.testing.BuiltBlob;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.DistantRelay;
import io.sealift.testing.DistantRelay.Distance;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.InProcessRegistry;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Registries that are far away: how often they are asked, not how long that takes.
class DistanceTest {

  private static BuiltBlob layer(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return BuiltBlob.of(new MediaType("application/vnd.oci.image.layer.v1.tar"), bytes);
  }

  private static ImageSource open(RegistryClient.Builder client, DistantRelay relay)
      throws Exception {
    return client.plainHttp(true).build().open(Reference.parse(relay.address() + "/app:v1"));
  }

  private static Distance away(int millis, long streamBytes) {
    return new Distance(Duration.ofMillis(millis), streamBytes, 0);
  }

  /// One for the connection, and one for each request: nothing is asked beforehand.
  @Test
  void anImageTakesARoundTripForEachOfItsParts() throws Exception {
    ImageBuilder builder = new ImageBuilder();
    for (int size = 1; size <= 5; size++) {
      builder.layer(layer(size * 100_000));
    }
    BuiltImage image = builder.build();
    try (InProcessRegistry registry = InProcessRegistry.start();
        DistantRelay relay = new DistantRelay(registry.address(), away(10, 0));
        ImageSource source = open(RegistryClient.builder(), relay)) {
      registry.push("app", "v1", image);
      assertArrayEquals(image.document().bytes(), source.manifest().bytes());
      for (BuiltBlob blob : image.blobs()) {
        assertArrayEquals(blob.bytes(), Setting.read(source, blob.descriptor()));
      }
      assertEquals(1 + 5 + 1, registry.requests().size());
      assertEquals(1 + 7, relay.roundTrips());
      assertEquals(1, relay.connections());
    }
  }

  /// Measured, unlike in other tests: four megabytes a second come over each connection.
  @Test
  void aServerThatLimitsEachConnectionGivesALargeBlobOverSeveral() throws Exception {
    BuiltImage image = new ImageBuilder().layer(layer(20_000_000)).build();
    BuiltBlob layer = image.layers().getFirst();
    Width width = new Width(16 << 20, 256 * 1024, 8, 4, MeasuredTrial::new);
    try (InProcessRegistry registry = InProcessRegistry.start();
        DistantRelay relay = new DistantRelay(registry.address(), away(10, 4_000_000));
        ImageSource source = open(RegistryClient.builder().width(width), relay)) {
      registry.push("app", "v1", image);
      assertArrayEquals(layer.bytes(), Setting.read(source, layer.descriptor()));
      assertTrue(relay.connections() > 2, "connections: " + relay.connections());
      assertTrue(relay.bytes() < 1.2 * 20_000_000, "bytes: " + relay.bytes());
    }
  }
}
