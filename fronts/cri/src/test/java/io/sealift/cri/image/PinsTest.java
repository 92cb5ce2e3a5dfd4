package io.sealift.cri.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sealift.failure.BadReferenceException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PinsTest {

  private static final String DIGEST = "sha256:" + "ab".repeat(32);

  @ParameterizedTest
  @CsvSource({
    "registry.k8s.io/pause:3.10, registry.k8s.io/pause:3.10, true",
    "registry.k8s.io/pause:3.10, registry.k8s.io/pause:3.9, false",
    "registry.k8s.io/pause, registry.k8s.io/pause:latest, true",
    "registry.k8s.io/pause:*, registry.k8s.io/pause:3.9, true",
    "registry.k8s.io/pause:*, registry.k8s.io/pauses:3.9, false",
    "registry.k8s.io/*, registry.k8s.io/pause@DIGEST, true",
    "registry.k8s.io/pause@DIGEST, registry.k8s.io/pause@DIGEST, true",
    "registry.k8s.io/pause:3.9@DIGEST, registry.k8s.io/pause@DIGEST, true",
    "registry.k8s.io/pause:3.9@DIGEST, registry.k8s.io/pause:3.9, false",
    "busybox, docker.io/library/busybox:latest, true",
  })
  void holdWhatTheyName(String pin, String name, boolean held) throws Exception {
    Pins pins = Pins.of(List.of("example.org/other:1", pin.replace("DIGEST", DIGEST)));
    assertEquals(held, pins.hold(List.of("docker://" + name.replace("DIGEST", DIGEST))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "*", "!", "a b*", "registry.example/UPPER", "registry.example/x:*:*", "**"})
  void areRefusedWhenTheyNameNothing(String pin) {
    assertThrows(BadReferenceException.class, () -> Pins.of(List.of(pin)));
  }
}
