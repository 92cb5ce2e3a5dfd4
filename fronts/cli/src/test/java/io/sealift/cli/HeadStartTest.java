package io.sealift.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.sealift.oci.Descriptor;
import io.sealift.oci.DiffId;
import io.sealift.oci.Digest;
import io.sealift.oci.Document;
import io.sealift.oci.ImageConfig;
import io.sealift.oci.Manifest;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class HeadStartTest {

  @Test
  void helpsTheCommandsThatReadLayersAndNoOther() {
    assertEquals(
        List.of("pull", "unpack", "ls", "cat"),
        Commands.NAMES.stream().filter(HeadStart::helps).toList());
  }

  @Test
  void itsSpecimensAreAnImageOfOneLayer() throws Exception {
    Digest zeroes = Digest.parse("sha256:" + "0".repeat(64));
    Manifest manifest = assertInstanceOf(Manifest.class, Document.parse(HeadStart.MANIFEST, null));
    assertEquals(zeroes, manifest.config().digest());
    assertEquals(List.of(zeroes), manifest.layers().stream().map(Descriptor::digest).toList());
    assertEquals(List.of(new DiffId(zeroes)), ImageConfig.parse(HeadStart.CONFIG).diffIds());
  }

  @ParameterizedTest
  @ValueSource(strings = {"pull", "unpack", "ls", "cat"})
  void looksAtTheOptionsThatTheCommandHas(String name) throws Exception {
    CommandLine line = Program.with(TestSurroundings.QUIET, List.of(name));
    CommandLine command = Objects.requireNonNull(line.getSubcommands().get(name));
    assertEquals(
        command.getCommandSpec().options().size(),
        HeadStart.options(Commands.make(name, TestSurroundings.QUIET)));
  }

  @Test
  void isOverWhenSomebodyWaitedForIt() {
    HeadStart.begin(Commands.make("pull", TestSurroundings.QUIET));
    HeadStart.end();
    assertFalse(
        Thread.getAllStackTraces().keySet().stream()
            .anyMatch(thread -> thread.getName().equals("head start")));
  }

  @Test
  void nothingOfItFails() {
    assertDoesNotThrow(() -> HeadStart.all(Commands.make("pull", TestSurroundings.QUIET)));
  }
}
