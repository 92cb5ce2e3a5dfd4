package io.sealift.cli.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.cli.console.Surroundings;
import io.sealift.failure.PolicyRefusedException;
import io.sealift.imageconfig.Configuration;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyOptionsTest {

  @TempDir Path directory;

  private static Surroundings with(Map<String, String> environment) {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    return new Surroundings(
        nowhere, nowhere, false, false, environment, Configuration.none(), _ -> Optional.empty());
  }

  @Test
  void theUsersPolicyComesBeforeTheMachines() {
    assertEquals(
        List.of(
            Path.of("/home/ada/.config/containers/policy.json"),
            Path.of("/etc/containers/policy.json")),
        PolicyOptions.places(with(Map.of("HOME", "/home/ada"))));
    assertEquals(
        List.of(Path.of("/etc/containers/policy.json")), PolicyOptions.places(with(Map.of())));
  }

  @Test
  void aBrokenPolicyDoesNotGiveWayToTheNextOne() throws Exception {
    Path broken = Files.writeString(directory.resolve("broken.json"), "{\"default\":[");
    Path open =
        Files.writeString(
            directory.resolve("open.json"),
            "{\"default\":[{\"type\":\"insecureAcceptAnything\"}]}");
    PolicyRefusedException refused =
        assertThrows(
            PolicyRefusedException.class, () -> PolicyOptions.first(List.of(broken, open)));
    assertTrue(refused.getMessage().contains(broken.toString()), refused.getMessage());
  }

  @Test
  void aPolicyThatIsADirectoryIsRefused() throws Exception {
    Path folder = Files.createDirectory(directory.resolve("policy.json"));
    assertThrows(PolicyRefusedException.class, () -> PolicyOptions.first(List.of(folder)));
  }

  @Test
  void aPolicyBeyondTheBoundIsRefused() throws Exception {
    Path large = Files.write(directory.resolve("large.json"), new byte[(1 << 20) + 1]);
    PolicyRefusedException refused =
        assertThrows(PolicyRefusedException.class, () -> PolicyOptions.first(List.of(large)));
    assertTrue(refused.getMessage().contains("1048576 bytes"), refused.getMessage());
  }
}
