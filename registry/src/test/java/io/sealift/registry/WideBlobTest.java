package io.sealift.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.oci.Reference;
import io.sealift.source.BlobStream;
import io.sealift.source.ImageSource;
import io.sealift.source.LayerSource;
import io.sealift.testing.DistantRelay;
import io.sealift.testing.Fault;
import io.sealift.testing.ImageSourceContract;
import io.sealift.testing.InProcessRegistry;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Blobs that come over several connections side by side, and what can go wrong with that. Whether
/// they do is not measured here but said by {@link Certain}.
@SuppressWarnings("try") // streams are closed from outside on purpose
class WideBlobTest {

  private static final int SIZE = Setting.SIZE;
  private static final int CHUNK = 100_000;
  private static final String BLOB = "/blobs/";
  private static final DistantRelay.Distance NEAR = new DistantRelay.Distance(Duration.ZERO, 0, 0);

  private static RegistryClient.Builder wide(Setting setting) {
    return setting.client().width(Certain.width(CHUNK, true));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "https"})
  void comesOverSeveralConnectionsEachByteOnce(String scheme) throws Exception {
    InProcessRegistry.Builder builder = InProcessRegistry.builder();
    try (Setting setting =
            new Setting((scheme.equals("https") ? builder.https() : builder).start());
        ImageSource source = setting.open(wide(setting))) {
      assertArrayEquals(setting.bytes, setting.read(source));
      assertEquals("", setting.ranges().getFirst());
      List<Asked> asked = Asked.of(setting);
      int next = asked.getFirst().from();
      assertTrue(next >= 3 * CHUNK && next < SIZE / 2, "the lanes begin at " + next);
      for (Asked each : asked) {
        assertEquals(new Asked(next, Math.min(SIZE, next + CHUNK)), each);
        next = each.to();
      }
      assertEquals(SIZE, next);
      assertEquals(List.of(), setting.pauses);
    }
  }

  @Test
  void asksForTheSameThingAsTheFrontGave() throws Exception {
    try (Setting setting = Setting.plain();
        ImageSource source = setting.open(wide(setting))) {
      setting.read(source);
      String tag = "\"" + setting.layer.digest() + "\"";
      assertTrue(
          setting.registry.requests().stream()
              .skip(1)
              .allMatch(request -> request.header("if-range").equals(tag)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, CHUNK, 1_234_567})
  void beginsInTheMiddle(int offset) throws Exception {
    try (Setting setting = Setting.plain();
        ImageSource source = setting.open(wide(setting));
        BlobStream stream = ((LayerSource.Ranged) source).open(setting.layer, offset)) {
      assertArrayEquals(
          Arrays.copyOfRange(setting.bytes, offset, SIZE), ImageSourceContract.drain(stream));
      assertTrue(setting.ranges().size() > 5, setting.ranges().toString());
    }
  }

  @Test
  void goesOnOverOneConnectionAfterALostTrial() throws Exception {
    try (Setting setting = Setting.plain();
        ImageSource source = setting.open(setting.client().width(Certain.width(CHUNK, false)))) {
      assertArrayEquals(setting.bytes, setting.read(source));
      List<Asked> asked = Asked.of(setting);
      assertEquals(3, setting.ranges().size());
      assertEquals(2, asked.size());
      assertEquals(asked.get(0).to(), asked.get(1).from());
    }
  }

  @ParameterizedTest
  @CsvSource({"none", "''", "items"})
  void needsAServerThatOffersParts(String offered) throws Exception {
    try (Setting setting = Setting.plain();
        ImageSource source = setting.open(wide(setting))) {
      setting.registry.plan(BLOB, Fault.header("Accept-Ranges", offered));
      assertArrayEquals(setting.bytes, setting.read(source));
      assertEquals(List.of(""), setting.ranges());
    }
  }

  @Test
  void aSmallBlobIsLeftAlone() throws Exception {
    try (Setting setting = Setting.plain();
        ImageSource source =
            setting.open(
                setting.client().width(new Width(SIZE + 1, CHUNK, 6, 3, _ -> new Certain(true))))) {
      assertArrayEquals(setting.bytes, setting.read(source));
      assertEquals(List.of(""), setting.ranges());
    }
  }

  @ParameterizedTest
  @CsvSource({"1, false", "2, true", "3, true", "4, true"})
  void usesNoMoreConnectionsThanItMay(int connections, boolean wide) throws Exception {
    try (Setting setting = Setting.plain();
        DistantRelay relay = new DistantRelay(setting.registry.address(), NEAR);
        ImageSource source =
            wide(setting)
                .connections(connections)
                .build()
                .open(Reference.parse(relay.address() + "/app:v1"))) {
      assertArrayEquals(setting.bytes, setting.read(source));
      assertEquals(wide, setting.ranges().size() > 1, setting.ranges().toString());
      // The front's one may have ended by then.
      assertTrue(relay.connections() <= connections + (wide ? 1 : 0));
    }
  }

  @Test
  void oneBlobAtATimeIsWide() throws Exception {
    try (Setting setting = Setting.plain();
        ImageSource source = setting.open(wide(setting));
        BlobStream first = source.open(setting.layer);
        BlobStream second = source.open(setting.layer)) {
      ByteBuffer all = ByteBuffer.allocate(SIZE);
      assertTrue(first.read(all) > 0);
      assertArrayEquals(setting.bytes, ImageSourceContract.drain(second));
      while (all.hasRemaining()) {
        assertTrue(first.read(all) > 0);
      }
      assertArrayEquals(setting.bytes, all.array());
      List<Asked> asked = Asked.of(setting);
      assertEquals(asked.stream().distinct().toList(), asked);
    }
  }

  @Test
  void anotherIsWideWhenTheFirstIsClosed() throws Exception {
    Width width = Certain.width(CHUNK, true);
    try (Setting setting = Setting.plain();
        ImageSource source = setting.open(setting.client().width(width))) {
      try (BlobStream first = source.open(setting.layer)) {
        ByteBuffer some = ByteBuffer.allocate(SIZE / 2);
        while (some.hasRemaining()) {
          assertTrue(first.read(some) > 0);
        }
      }
      while (!width.take()) {
        Thread.onSpinWait();
      }
      width.giveBack();
      int before = setting.ranges().size();
      assertArrayEquals(setting.bytes, setting.read(source));
      assertTrue(setting.ranges().size() > before + 10);
    }
  }

  @Test
  void memoryIsMadeOnceAndNoMoreOfItThanThereMayBe() {
    Width width = Certain.width(CHUNK, true);
    List<ByteBuffer> held = new ArrayList<>();
    for (ByteBuffer next = width.buffer(); next != null; next = width.buffer()) {
      assertEquals(CHUNK, next.capacity());
      held.add(next);
    }
    assertEquals(6, held.size());
    width.giveBack(held.getFirst());
    assertSame(held.getFirst(), width.buffer());
    assertNull(width.buffer());
  }
}
