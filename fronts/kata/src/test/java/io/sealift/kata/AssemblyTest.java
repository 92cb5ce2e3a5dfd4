package io.sealift.kata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.BadReferenceException;
import io.sealift.failure.ImageException;
import io.sealift.failure.PolicyRefusedException;
import io.sealift.imageconfig.HubSettings;
import io.sealift.imageconfig.ProcessSettings;
import io.sealift.oci.ImageName;
import io.sealift.oci.Platform;
import io.sealift.pull.LayerMemory;
import io.sealift.pull.ProgressListener;
import io.sealift.pull.PullRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is set, and what comes of it.
class AssemblyTest {

  @TempDir private Path dir;
  private TestGuest guest;
  private Path containers;

  @BeforeEach
  void make() throws Exception {
    guest = new TestGuest(dir);
    guest.push("app", "one");
    containers = Files.createDirectories(dir.resolve("containers-of-machine"));
  }

  @AfterEach
  void close() {
    guest.close();
  }

  private Assembly assembly(Map<String, String> environment, String... options)
      throws ImageException {
    Options parsed = Options.parse(options);
    ProcessSettings settings = ProcessSettings.read(guest.config, environment);
    return new Assembly(
        parsed, settings, Peers.of(parsed, HubSettings.NONE), new LayerMemory(), containers);
  }

  private String verdict(Map<String, String> environment, String... options) throws Exception {
    try {
      return String.valueOf(
          new Guest(assembly(environment, options))
              .client()
              .judge(ImageName.parse(guest.name("app")), Platform.host())
              .objection());
    } catch (ImageException failed) {
      return failed.getMessage();
    }
  }

  @Test
  void withoutAPolicyEveryImageIsRefused() throws Exception {
    guest.settings();
    Guest now = new Guest(assembly(Map.of(), "--work-dir=" + guest.workDir));
    PolicyRefusedException refused =
        assertThrows(
            PolicyRefusedException.class,
            () ->
                now.client()
                    .pull(
                        PullRequest.of(ImageName.parse(guest.name("app")), guest.bundle("c1")),
                        ProgressListener.NONE));
    assertTrue(
        refused
            .getMessage()
            .contains(
                "name one with agent.image_policy_file and agent.enable_signature_verification=true on the kernel's command line, in the configuration or with --policy, or write "
                    + containers.resolve("policy.json")),
        refused.getMessage());
  }

  @Test
  void thePolicyOfTheMachineCountsWhenNoneIsNamed() throws Exception {
    guest.settings();
    Files.writeString(containers.resolve("policy.json"), TestGuest.ACCEPT);
    assertEquals("null", verdict(Map.of()));
  }

  @Test
  void optionsComeBeforeVariablesAndThoseBeforeTheFile() throws Exception {
    Path accepts = Files.writeString(dir.resolve("accept.json"), TestGuest.ACCEPT);
    Path rejects =
        Files.writeString(dir.resolve("reject.json"), "{\"default\":[{\"type\":\"reject\"}]}");
    guest.policy("{\"default\":[{\"type\":\"reject\"}]}");
    String rejected = verdict(Map.of());
    assertEquals("null", verdict(Map.of("SEALIFT_POLICY", accepts.toString())));
    assertEquals(
        rejected,
        verdict(Map.of("SEALIFT_POLICY", accepts.toString()), "--policy", rejects.toString()));
    assertEquals("null", verdict(Map.of(), "--insecure-policy"));
    assertEquals("null", verdict(Map.of(), "--policy=file://" + accepts));
  }

  @Test
  void theStoreIsWhereTheAgentExpectsItUnlessSomethingElseIsSet() throws Exception {
    assertEquals(Path.of("/run/kata-containers/image"), assembly(Map.of()).workDir());
    guest.settings("work_dir = '/of/file'");
    assertEquals(Path.of("/of/file"), assembly(Map.of()).workDir());
    assertEquals(
        Path.of("/of/variable"), assembly(Map.of("SEALIFT_WORK_DIR", "/of/variable")).workDir());
    assertEquals(Path.of("/of/option"), assembly(Map.of(), "--work-dir=/of/option").workDir());
  }

  @ParameterizedTest
  @CsvSource({"0", "65", "-1", "100000"})
  void theNumberOfLayersSideBySideHasABound(String layers) throws Exception {
    guest.settings("max_concurrent_layer_downloads_per_image = " + layers);
    BadReferenceException bad =
        assertThrows(BadReferenceException.class, () -> assembly(Map.of()).client());
    assertEquals(
        "read max_concurrent_layer_downloads_per_image of %s: expected 1 to 64, found '%s'"
            .formatted(guest.config, layers),
        bad.getMessage());
  }

  @Test
  void aShortNameIsWhatTheRegistriesMakeOfIt() throws Exception {
    Files.writeString(
        guest.config,
        """
        [image]
        image_security_policy = '''%s'''
        [image.registry_config]
        unqualified-search-registries = ["%s"]
        [[image.registry_config.registry]]
        location = "%s"
        insecure = true
        """
            .formatted(TestGuest.ACCEPT, guest.registry.address(), guest.registry.address()));
    assertEquals(
        new ImageName.InRegistry(io.sealift.oci.Reference.parse(guest.name("app"))),
        new Guest(assembly(Map.of())).named("app"));
  }
}
