package io.sealift.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sealift.failure.UnsafeContentException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DestinationsTest {

  @ParameterizedTest
  @CsvSource({
    "'', /",
    "/, /",
    "/app, /app",
    "/app/, /app/",
    "app/x, /app/x",
    "./app, /./app",
    "/a/../b, /b",
    "/../../etc, /etc",
    "../../etc, /etc",
    "/a/.., /",
    "/a..b/...c, /a..b/...c",
  })
  void makesTheWorkingDirectoryAbsolute(String text, String path) throws Exception {
    assertEquals(path, Destinations.workingDirectory(text));
  }

  @ParameterizedTest
  @CsvSource({
    "/v, /v",
    "v, /v",
    "//v//w/, /v/w",
    "/./v/., /v",
    "/v..w, /v..w",
  })
  void cleansVolumes(String text, String path) throws Exception {
    assertEquals(List.of(path), Destinations.volumes(List.of(text)));
  }

  @Test
  void sortsVolumesByBytesAndKeepsEachOnce() throws Exception {
    assertEquals(
        List.of("/Z", "/a", "/a/b", "/ﬀ", "/😀"),
        Destinations.volumes(List.of("/😀", "/a/b", "/a/", "/ﬀ", "a", "/Z")));
  }

  @ParameterizedTest
  @CsvSource({
    "/../../etc, expected a path without ..",
    "/a/../b, expected a path without ..",
    ".., expected a path without ..",
    "/, it would hide the whole image",
    "'', it would hide the whole image",
    "/.//, it would hide the whole image",
  })
  void refusesVolumesThatLeadElsewhere(String text, String reason) {
    assertEquals(
        "read volume '%s': %s".formatted(text, reason),
        assertThrows(UnsafeContentException.class, () -> Destinations.volumes(List.of(text)))
            .getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a\u0000b", "\u0000"})
  void refusesNul(String text) {
    assertThrows(UnsafeContentException.class, () -> Destinations.volumes(List.of(text)));
    assertThrows(UnsafeContentException.class, () -> Destinations.workingDirectory(text));
  }

  @Test
  void boundsPathsAndVolumes() {
    String longest = "/" + "é".repeat(2048);
    assertEquals(
        "read volume: more than 4096 bytes",
        assertThrows(UnsafeContentException.class, () -> Destinations.volumes(List.of(longest)))
            .getMessage());
    assertEquals(
        "read working directory: more than 4096 bytes",
        assertThrows(UnsafeContentException.class, () -> Destinations.workingDirectory(longest))
            .getMessage());
    List<String> many = IntStream.rangeClosed(0, 1024).mapToObj(n -> "/" + n).toList();
    assertEquals(
        "read volumes: 1025 are more than the 1024 allowed",
        assertThrows(UnsafeContentException.class, () -> Destinations.volumes(many)).getMessage());
  }
}
