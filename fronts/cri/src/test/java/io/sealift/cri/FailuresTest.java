package io.sealift.cri;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.sealift.oci.Platform;
import io.sealift.testing.BuiltBlob;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.Fault;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.Packing;
import io.sealift.testing.TarBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What clients are told when it does not go well, and that nothing is left behind then.
class FailuresTest {

  private static final byte[] TAR = new TarBuilder().file("f", "content").build();
  private static final BuiltImage IMAGE = new ImageBuilder().layer(TAR).build();

  @TempDir Path directory;

  private static StatusRuntimeException refused(TestNode node, String request) {
    return assertThrows(
        StatusRuntimeException.class, () -> node.client().call("PullImage", request));
  }

  /// What is done wrong, the code, and how the text begins; kubelet looks at that beginning where
  /// the code is UNKNOWN.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "no reference      | INVALID_ARGUMENT    | read reference 'registry.example/UP:1':",
        "empty             | INVALID_ARGUMENT    | read reference '':",
        "other handler     | INVALID_ARGUMENT    | pull for runtime handler 'runsc': there is no such handler here",
        "handler annotated | INVALID_ARGUMENT    | pull for runtime handler 'runsc': there is no such handler here",
        "pod's handler     | INVALID_ARGUMENT    | pull for runtime handler 'runsc': there is no such handler here",
        "bad auth          | INVALID_ARGUMENT    | read auth.auth: expected USER:PASSWORD in Base64",
        "absent            | NOT_FOUND           | fetch manifest 1 of ",
        "401               | UNAUTHENTICATED     | log in to ",
        "403               | PERMISSION_DENIED   | fetch manifest 1 of ",
        "500               | UNKNOWN             | RegistryUnavailable: fetch manifest 1 of ",
        "nobody there      | UNKNOWN             | RegistryUnavailable: ",
        "policy            | UNKNOWN             | SignatureValidationFailed: ",
        "no policy file    | UNKNOWN             | SignatureValidationFailed: ",
        "spoiled           | DATA_LOSS           | layer sha256:",
        "wrong diff_id     | DATA_LOSS           | verify unpacked layer: ",
        "dangerous         | FAILED_PRECONDITION | layer sha256:",
        "other platform    | NOT_FOUND           | resolve ",
        "config's platform | FAILED_PRECONDITION | resolve ",
      })
  void eachHasItsCode(String what, Status.Code code, String beginning) throws Exception {
    try (InProcessRegistry registry = InProcessRegistry.start();
        TestNode node = new TestNode(directory, registry)) {
      registry.push("app", "1", IMAGE);
      String request = arrange(what, registry, node);
      node.started();
      StatusRuntimeException refused = refused(node, request);
      assertEquals(code, refused.getStatus().getCode(), refused.getMessage());
      String text = String.valueOf(refused.getStatus().getDescription());
      assertTrue(text.startsWith(beginning), text);
      assertEquals(List.of(), node.list());
      try (Stream<Path> staged = Files.list(node.workDir.resolve("staging"))) {
        assertEquals(0, staged.count());
      }
    }
  }

  private static String arrange(String what, InProcessRegistry registry, TestNode node)
      throws Exception {
    String app = TestNode.image("registry.example/app:1");
    return switch (what) {
      case "no reference" -> TestNode.image("registry.example/UP:1");
      case "empty" -> TestNode.image("");
      case "other handler" ->
          "image { image: \"registry.example/app:1\" runtime_handler: \"runsc\" }";
      case "handler annotated" ->
          "image { image: \"registry.example/app:1\" annotations { key:"
              + " \"io.containerd.cri.runtime-handler\" value: \"runsc\" } }";
      case "pod's handler" ->
          app
              + " sandbox_config { annotations { key: \"io.containerd.cri.runtime-handler\" value:"
              + " \"runsc\" } }";
      case "bad auth" -> app + " auth { auth: \"!\" }";
      case "absent" -> TestNode.image("registry.example/absent:1");
      case "401" -> planned(registry, Fault.error(401, "UNAUTHORIZED", "who are you"), app);
      case "403" -> planned(registry, Fault.error(403, "DENIED", "not you"), app);
      case "500" -> planned(registry, Fault.status(500, "oops"), app);
      case "nobody there" -> {
        node.options.registriesConf =
            node.file("other.conf", "[[registry]]\nlocation = \"127.0.0.1:1\"\ninsecure = true\n");
        yield TestNode.image("127.0.0.1:1/app:1");
      }
      case "policy" -> {
        node.options.insecurePolicy = false;
        node.options.policy = node.file("policy.json", "{\"default\":[{\"type\":\"reject\"}]}");
        yield app;
      }
      case "no policy file" -> {
        node.options.insecurePolicy = false;
        node.options.policy = node.file("policy.json", "{\"default\":[{\"type\":\"nonsense\"}]}");
        yield app;
      }
      case "spoiled" -> {
        registry.plan("/blobs/" + IMAGE.layers().getFirst().digest(), Fault.spoiled(20));
        yield app;
      }
      case "wrong diff_id" -> {
        registry.push(
            "app",
            "1",
            new ImageBuilder()
                .layer(
                    BuiltBlob.layer(TAR, Packing.GZIP, ImageBuilder.Form.OCI)
                        .diffId("sha256:" + "0".repeat(64)))
                .build());
        yield app;
      }
      case "dangerous" -> {
        byte[] tar = new TarBuilder().file("../f", "content").build();
        registry.push("app", "1", new ImageBuilder().layer(tar).build());
        yield app;
      }
      case "other platform" -> {
        Platform other = new Platform("linux", "s390x", null);
        registry.push("app", "1", ImageBuilder.index(java.util.Map.of(other, IMAGE)));
        yield app;
      }
      case "config's platform" -> {
        Platform other = new Platform("linux", "s390x", null);
        registry.push("app", "1", new ImageBuilder().platform(other).layer(TAR).build());
        yield app;
      }
      default -> throw new IllegalArgumentException(what);
    };
  }

  private static String planned(InProcessRegistry registry, Fault fault, String request) {
    registry.plan("/manifests/", fault);
    return request;
  }

  @Test
  void aStoreThatCannotBeUsedIsAnInternalFailure() throws Exception {
    try (InProcessRegistry registry = InProcessRegistry.start();
        TestNode node = new TestNode(directory, registry).started()) {
      registry.push("app", "1", IMAGE);
      Files.writeString(node.workDir.resolve("format"), "99\n");
      StatusRuntimeException refused = refused(node, TestNode.image("registry.example/app:1"));
      assertEquals(Status.Code.INTERNAL, refused.getStatus().getCode());
      assertTrue(
          String.valueOf(refused.getStatus().getDescription()).startsWith("open store"),
          refused.getMessage());
      Files.writeString(node.workDir.resolve("format"), "1\n");
      assertTrue(node.pull("registry.example/app:1").startsWith("sha256:"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ListImages", "ImageStatus", "PullImage", "RemoveImage", "Status"})
  void whatIsNoMessageIsRefusedAndTheDaemonStaysUp(String method) throws Exception {
    try (InProcessRegistry registry = InProcessRegistry.start();
        TestNode node = new TestNode(directory, registry).started()) {
      StatusRuntimeException refused =
          assertThrows(
              StatusRuntimeException.class,
              () -> node.client().raw(method, new byte[] {0x0b, 0x7f}));
      assertEquals(Status.Code.INVALID_ARGUMENT, refused.getStatus().getCode());
      assertEquals(List.of(), node.list());
    }
  }

  @Test
  void aRequestThatIsTooLongIsRefused() throws Exception {
    try (InProcessRegistry registry = InProcessRegistry.start();
        TestNode node = new TestNode(directory, registry).started()) {
      StatusRuntimeException refused =
          assertThrows(
              StatusRuntimeException.class,
              () -> node.client().raw("PullImage", new byte[5 << 20]));
      assertEquals(Status.Code.RESOURCE_EXHAUSTED, refused.getStatus().getCode());
      assertEquals(List.of(), node.list());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ImageStatus", "RemoveImage"})
  void anImageThatIsNotNamedIsNone(String method) throws Exception {
    try (InProcessRegistry registry = InProcessRegistry.start();
        TestNode node = new TestNode(directory, registry).started()) {
      StatusRuntimeException refused =
          assertThrows(StatusRuntimeException.class, () -> node.client().call(method, ""));
      assertEquals(Status.Code.INVALID_ARGUMENT, refused.getStatus().getCode());
      assertEquals(
          "find image: expected a name or an id, found none", refused.getStatus().getDescription());
    }
  }
}
