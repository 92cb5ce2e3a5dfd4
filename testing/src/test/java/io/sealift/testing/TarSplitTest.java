package io.sealift.testing;

import static io.sealift.testing.Archives.latin;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.IntegrityException;
import io.sealift.failure.StoreException;
import io.sealift.unpack.UnpackLimits;
import io.sealift.unpack.Unpacker;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TarSplitTest {

  static Stream<Arguments> samples() {
    return SampleArchives.all().entrySet().stream()
        .map(sample -> Arguments.of(sample.getKey(), sample.getValue()));
  }

  private static byte[] roundTrip(byte[] tar, int piece) throws Exception {
    try (MemorySink sink = new MemorySink()) {
      byte[] split = Archives.split(tar, piece, sink);
      return Archives.rebuild(split, sink.tree(), UnpackLimits.DEFAULT);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("samples")
  void splitAndTreeGiveTheVeryTar(String name, byte[] tar) throws Exception {
    for (int piece : new int[] {1, 100, 512, 4099, 1_000_000}) {
      assertArrayEquals(tar, roundTrip(tar, piece), name + " in pieces of " + piece);
    }
  }

  @Test
  void holdsNoContentAndAboutHundredBytesAnEntry() throws Exception {
    TarBuilder tar = new TarBuilder();
    for (int i = 0; i < 1000; i++) {
      tar.add(
          TarMember.file("usr/lib/package%d/file%d.py".formatted(i / 10, i), noise(i))
              .mtime(1_600_000_000 + i * 977L, 0));
    }
    try (MemorySink sink = new MemorySink()) {
      int bytes = Archives.split(tar.build(), 1 << 16, sink).length;
      assertTrue(bytes < 100 * 1000, "bytes for 1000 entries: " + bytes);
    }
  }

  private static byte[] noise(int seed) {
    return SampleArchives.noise(1 + seed * 3);
  }

  @Test
  void aFileThatALaterEntryReplacedIsNotRebuilt() throws Exception {
    byte[] tar = new TarBuilder().file("f", "first").file("f", "other").build();
    byte[] rebuilt = roundTrip(tar, 512);
    assertEquals(tar.length, rebuilt.length);
    assertFalse(Arrays.equals(tar, rebuilt));
    byte[] shorter = new TarBuilder().file("f", "first").file("f", "").build();
    assertEquals(
        "rebuild tar: f: expected 5 more bytes at 0, found the end",
        assertThrows(IntegrityException.class, () -> roundTrip(shorter, 512)).getMessage());
  }

  @Test
  void aChangedFileGivesAnotherTar() throws Exception {
    byte[] tar = new TarBuilder().file("f", "content").build();
    byte[] other = new TarBuilder().file("f", "CONTENT").build();
    try (MemorySink sink = new MemorySink();
        MemorySink changed = new MemorySink()) {
      byte[] split = Archives.split(tar, 512, sink);
      Archives.split(other, 512, changed);
      assertArrayEquals(
          TarMember.concat(Arrays.copyOf(tar, 512), Arrays.copyOfRange(other, 512, other.length)),
          Archives.rebuild(split, changed.tree(), UnpackLimits.DEFAULT));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                  | expected more, found the end",
        "SLSPLIT             | expected more, found the end",
        "SLSPLIT2            | expected SLSPLIT1 at its start, found something else",
        "SLSPLIT1            | expected more, found the end",
        "SLSPLIT1\\x08       | expected an operation from 0 to 7, found 8",
        "SLSPLIT1\\x00\\x00  | expected nothing after the end, found more",
        "SLSPLIT1\\x01\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\x01 | expected a number of 63 bits, found a longer one",
        "SLSPLIT1\\x02\\x05ab | expected more, found the end",
        "SLSPLIT1\\x03\\x01\\xff\\x04\\x01 | expected a run of bytes within a block, found one outside",
        "SLSPLIT1\\x03\\x01\\x00\\x81\\x04 | expected a run of bytes within a block, found one outside",
        "SLSPLIT1\\x03\\x01\\x00\\x00 | expected a run of bytes within a block, found one outside",
        "SLSPLIT1\\x03\\x02\\x80\\x03\\x01a\\x80\\x01\\x01 | expected a run of bytes within a block, found one outside",
        "SLSPLIT1\\x06\\x01  | expected more, found the end",
        "SLSPLIT1\\x06\\x01\\x01aa | expected a path within its bounds, found a longer one",
        "SLSPLIT1\\x06\\x00\\x81\\x20a | expected a path within its bounds, found a longer one",
        "SLSPLIT1\\x06\\x00\\x02..\\x01 | read path ..: expected a path below the root, found a component ..",
        "SLSPLIT1\\x07\\x01\\x01 | expected a region of a file, found one outside",
      })
  void refusesSplitsThatAreNotWellFormed(String split, String message) {
    assertEquals(
        "read tar split: " + message,
        assertThrows(
                IntegrityException.class,
                () -> Archives.rebuild(unescaped(split), new TreeMap<>(), UnpackLimits.DEFAULT))
            .getMessage());
  }

  private static byte[] unescaped(String text) {
    StringBuilder latin = new StringBuilder();
    for (int at = 0; at < text.length(); at++) {
      if (text.startsWith("\\x", at)) {
        latin.append((char) Integer.parseInt(text.substring(at + 2, at + 4), 16));
        at += 3;
      } else {
        latin.append(text.charAt(at));
      }
    }
    return latin(latin.toString());
  }

  @Test
  void aSplitThatClaimsTooMuchIsReadOnlyUpToTheBound() {
    UnpackLimits limits = new UnpackLimits(1 << 20, 1, 1, 1, 1, 10, 10, 1, 1, 1);
    byte[] zeros = unescaped("SLSPLIT1\\x01\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\x7f");
    assertEquals(
        "read tar split: expected at most 1048576 bytes of tar (maxBytes), found more",
        assertThrows(
                IntegrityException.class, () -> Archives.rebuild(zeros, new TreeMap<>(), limits))
            .getMessage());
  }

  @Test
  void aFullDiskIsAFailureOfTheStore() {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("No space left on device");
          }
        };
    byte[] tar = new TarBuilder().file("f", "x").build();
    try (MemorySink sink = new MemorySink()) {
      assertEquals(
          "write tar split: No space left on device",
          assertThrows(
                  StoreException.class,
                  () ->
                      new Unpacker(UnpackLimits.DEFAULT)
                          .unpack(Archives.input(tar, 512, true), sink, full))
              .getMessage());
    }
  }
}
