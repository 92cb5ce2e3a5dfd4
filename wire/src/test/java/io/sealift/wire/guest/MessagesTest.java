package io.sealift.wire.guest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.TextFormat;
import io.sealift.wire.ProtoException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The messages written by hand are those of the `.proto` files, as protobuf's own library reads
/// them.
class MessagesTest {

  private static final Map<String, Descriptor> TYPES = new HashMap<>();
  private static final Set<String> METHODS = new TreeSet<>();

  static {
    try {
      FileDescriptorSet set =
          FileDescriptorSet.parseFrom(Files.readAllBytes(Path.of("target/descriptors.pb")));
      for (FileDescriptorProto file : set.getFileList()) {
        FileDescriptor built = FileDescriptor.buildFrom(file, new FileDescriptor[0]);
        built.getMessageTypes().forEach(type -> TYPES.put(type.getName(), type));
        for (ServiceDescriptor service : built.getServices()) {
          for (MethodDescriptor method : service.getMethods()) {
            METHODS.add(service.getFullName() + "/" + method.getName());
          }
        }
      }
    } catch (java.io.IOException
        | com.google.protobuf.Descriptors.DescriptorValidationException failed) {
      throw new AssertionError(failed);
    }
  }

  static List<Arguments> messages() {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("deviceId", "8:0");
    options.put("", "ü");
    return List.of(
        Arguments.of(
            new PullRequest("docker.io/a:1", "/run/x").encode(),
            "ImagePullRequest",
            "image_url: \"docker.io/a:1\" bundle_path: \"/run/x\""),
        Arguments.of(new PullRequest("", "").encode(), "ImagePullRequest", ""),
        Arguments.of(
            new MountRequest("block-device", options, List.of("ro", ""), "/m").encode(),
            "SecureMountRequest",
            "volume_type: \"block-device\" options { key: \"deviceId\" value: \"8:0\" } options {"
                + " key: \"\" value: \"\\303\\274\" } flags: \"ro\" flags: \"\" mount_point:"
                + " \"/m\""),
        Arguments.of(
            new Measurement("d", "o", "c", OptionalLong.of(0)).encode(),
            "ExtendRuntimeMeasurementRequest",
            "Domain: \"d\" Operation: \"o\" Content: \"c\" RegisterIndex: 0"),
        Arguments.of(
            new Measurement("d", "o", "c", OptionalLong.of(-1)).encode(),
            "ExtendRuntimeMeasurementRequest",
            "Domain: \"d\" Operation: \"o\" Content: \"c\" RegisterIndex: 18446744073709551615"),
        Arguments.of(
            new Measurement("d", "", "", OptionalLong.empty()).encode(),
            "ExtendRuntimeMeasurementRequest",
            "Domain: \"d\""),
        Arguments.of(
            Messages.ofBytes(new byte[] {0, -1}),
            "GetResourceResponse",
            "Resource: \"\\000\\377\""),
        Arguments.of(
            Messages.ofText("kbs:///a/b/c"),
            "GetResourceRequest",
            "ResourcePath: \"kbs:///a/b/c\""),
        Arguments.of(
            Messages.ofTexts(List.of("a", "", "b")),
            "GetAdditionalTeesResponse",
            "additional_tees: \"a\" additional_tees: \"\" additional_tees: \"b\""),
        Arguments.of(
            Messages.ofNumber(2), "ExtendRuntimeMeasurementResponse", "Result: NOT_ENABLED"));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void areWhatProtobufWrites(byte[] message, String type, String text) throws Exception {
    DynamicMessage read = DynamicMessage.parseFrom(TYPES.get(type), message);
    DynamicMessage.Builder expected = DynamicMessage.newBuilder(TYPES.get(type));
    TextFormat.merge(text, expected);
    assertEquals(expected.build(), read);
    assertEquals(0, read.getUnknownFields().asMap().size());
    assertEquals(expected.build().getSerializedSize(), message.length);
  }

  @Test
  void areReadAsTheyWereWritten() throws Exception {
    MountRequest mount =
        new MountRequest("block-device", Map.of("a", "b"), List.of("x", "x"), "/m");
    assertEquals(mount, MountRequest.decode(mount.encode()));
    PullRequest pull = new PullRequest("a", "b");
    assertEquals(pull, PullRequest.decode(pull.encode()));
    Measurement measurement = new Measurement("a", "b", "c", OptionalLong.of(0));
    assertEquals(measurement, Measurement.decode(measurement.encode()));
    assertArrayEquals(new byte[] {1}, Messages.bytes("x", Messages.ofBytes(new byte[] {1})));
    assertEquals(List.of("a", ""), Messages.texts("x", Messages.ofTexts(List.of("a", ""))));
    assertEquals("a", Messages.text("x", Messages.ofText("a")));
    assertEquals(7, Messages.number("x", Messages.ofNumber(7)));
  }

  /// One field of a message whose field has another type, or that has unknown fields besides.
  @Test
  void unknownFieldsArePassedOverAndWrongTypesAreNot() throws Exception {
    byte[] unknown = {0x10, 1, 0x1d, 0, 0, 0, 0, 0x21, 0, 0, 0, 0, 0, 0, 0, 0, 0x0a, 1, 'x'};
    assertEquals("x", Messages.text("text", unknown));
    byte[] number = {8, 1};
    assertEquals(
        "read text: field 1 has wire type 0, expected 2",
        assertThrows(ProtoException.class, () -> Messages.text("text", number)).getMessage());
    byte[] group = {0x13, 0x14};
    assertEquals(
        "read text: field 2 is a group",
        assertThrows(ProtoException.class, () -> Messages.text("text", group)).getMessage());
    assertThrows(ProtoException.class, () -> Measurement.Result.of(3));
    assertThrows(ProtoException.class, () -> Measurement.Result.of(-1));
  }

  @Test
  void boundsWhatRepeats() {
    byte[] many = Messages.ofTexts(java.util.Collections.nCopies(65, "a"));
    assertEquals(
        "read x: more than 64 texts",
        assertThrows(ProtoException.class, () -> Messages.texts("x", many)).getMessage());
    byte[] flags =
        new MountRequest("", Map.of(), java.util.Collections.nCopies(257, "a"), "").encode();
    assertEquals(
        "read SecureMountRequest: more than 256 options and flags",
        assertThrows(ProtoException.class, () -> MountRequest.decode(flags)).getMessage());
  }

  @Test
  void namesOfMethodsAreThoseOfTheServices() {
    String agent = AttestationAgent.SERVICE + "/";
    assertEquals(
        METHODS,
        new TreeSet<>(
            List.of(
                agent + AttestationAgent.GET_EVIDENCE,
                agent + AttestationAgent.GET_ADDITIONAL_EVIDENCE,
                agent + AttestationAgent.GET_TOKEN,
                agent + AttestationAgent.EXTEND_RUNTIME_MEASUREMENT,
                agent + AttestationAgent.BIND_INIT_DATA,
                agent + AttestationAgent.GET_TEE_TYPE,
                agent + AttestationAgent.GET_ADDITIONAL_TEES,
                DataHub.KEY_PROVIDER_SERVICE + "/" + DataHub.WRAP_KEY,
                DataHub.KEY_PROVIDER_SERVICE + "/" + DataHub.UNWRAP_KEY,
                DataHub.RESOURCE_SERVICE + "/" + DataHub.GET_RESOURCE,
                DataHub.SEALED_SECRET_SERVICE + "/" + DataHub.UNSEAL_SECRET,
                DataHub.SECURE_MOUNT_SERVICE + "/" + DataHub.SECURE_MOUNT,
                DataHub.IMAGE_PULL_SERVICE + "/" + DataHub.PULL_IMAGE)));
  }
}
