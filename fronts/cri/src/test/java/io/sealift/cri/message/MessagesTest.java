package io.sealift.cri.message;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.DynamicMessage;
import io.sealift.cri.ProtoFile;
import io.sealift.wire.ProtoException;
import io.sealift.wire.ProtoWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The messages that are written by hand are those of `cri.proto`.
class MessagesTest {

  private static final Image FULL =
      new Image("sha256:ab", List.of("a:1", "a:2"), List.of("a@sha256:cd"), 7, 1002L, "", true);
  private static final Image NAMED =
      new Image("sha256:ef", List.of(), List.of(), 1, null, "www", false);
  private static final Image ROOT = new Image("sha256:00", List.of(), List.of(), 1, 0L, "", false);

  private static final String FULL_TEXT =
      """
      id: "sha256:ab" repo_tags: "a:1" repo_tags: "a:2" repo_digests: "a@sha256:cd" size: 7
      uid { value: 1002 } pinned: true
      """;

  static List<Arguments> answers() {
    return List.of(
        Arguments.of("ListImagesResponse", Answers.images(List.of()), ""),
        Arguments.of(
            "ListImagesResponse",
            Answers.images(List.of(FULL, NAMED, ROOT)),
            "images {"
                + FULL_TEXT
                + "} images { id: \"sha256:ef\" size: 1 username: \"www\" } images { id:"
                + " \"sha256:00\" size: 1 uid { } }"),
        Arguments.of("ImageStatusResponse", Answers.imageStatus(null, Map.of()), ""),
        Arguments.of(
            "ImageStatusResponse",
            Answers.imageStatus(FULL, Map.of("info", "{}")),
            "image {" + FULL_TEXT + "} info { key: \"info\" value: \"{}\" }"),
        Arguments.of("PullImageResponse", Answers.pulled("sha256:ab"), "image_ref: \"sha256:ab\""),
        Arguments.of("RemoveImageResponse", Answers.REMOVED, ""),
        Arguments.of(
            "ImageFsInfoResponse",
            Answers.imageFsInfo(Instant.ofEpochSecond(1, 5), "/s", 4096, 3),
            "image_filesystems { timestamp: 1000000005 fs_id { mountpoint: \"/s\" } used_bytes {"
                + " value: 4096 } inodes_used { value: 3 } } container_filesystems { timestamp:"
                + " 1000000005 fs_id { mountpoint: \"/s\" } used_bytes { value: 4096 } inodes_used"
                + " { value: 3 } }"),
        Arguments.of(
            "ImageFsInfoResponse",
            Answers.imageFsInfo(Instant.ofEpochSecond(1), "/s", 0, 0),
            "image_filesystems { timestamp: 1000000000 fs_id { mountpoint: \"/s\" } used_bytes { }"
                + " inodes_used { } } container_filesystems { timestamp: 1000000000 fs_id {"
                + " mountpoint: \"/s\" } used_bytes { } inodes_used { } }"),
        Arguments.of(
            "VersionResponse",
            Answers.version("sealift", "1.2"),
            "version: \"0.1.0\" runtime_name: \"sealift\" runtime_version: \"1.2\""
                + " runtime_api_version: \"v1\""),
        Arguments.of(
            "StatusResponse",
            Answers.status("", List.of("", "kata"), Map.of("config", "{}")),
            "status { conditions { type: \"RuntimeReady\" status: true } conditions { type:"
                + " \"NetworkReady\" status: true } } info { key: \"config\" value: \"{}\" }"
                + " runtime_handlers { features { } } runtime_handlers { name: \"kata\" features {"
                + " } }"),
        Arguments.of(
            "StatusResponse",
            Answers.status("ending", List.of(), Map.of()),
            "status { conditions { type: \"RuntimeReady\" reason: \"NotServing\" message:"
                + " \"ending\" } conditions { type: \"NetworkReady\" status: true } }"));
  }

  @ParameterizedTest
  @MethodSource("answers")
  void answersAreWhatProtobufWrites(String type, byte[] message, String text) {
    DynamicMessage read = ProtoFile.message(type, message);
    assertEquals(ProtoFile.message(type, text), read);
    assertEquals(0, read.getUnknownFields().asMap().size());
    assertEquals(read.getSerializedSize(), message.length);
  }

  private static byte[] bytes(String type, String text) {
    return ProtoFile.message(type, text).toByteArray();
  }

  private static final String SPEC =
      """
      image: "a:1" annotations { key: "k" value: "v" } annotations { key: "" value: "" }
      user_specified_image: "a" runtime_handler: "kata" image_ref: "sha256:ab"
      """;

  private static final ImageSpec SPECIFIED =
      new ImageSpec("a:1", Map.of("k", "v", "", ""), "a", "kata", "sha256:ab");

  @Test
  void requestsAreReadAsProtobufWritesThem() throws Exception {
    assertEquals(ImageSpec.NONE, Requests.filter(new byte[0]));
    assertEquals(ImageSpec.NONE, Requests.filter(bytes("ListImagesRequest", "filter { }")));
    assertEquals(
        SPECIFIED,
        Requests.filter(bytes("ListImagesRequest", "filter { image { " + SPEC + " } }")));
    assertEquals(
        SPECIFIED,
        Requests.filter(bytes("StreamImagesRequest", "filter { image { " + SPEC + " } }")));
    assertEquals(
        new Requests.Status(SPECIFIED, true),
        Requests.imageStatus(bytes("ImageStatusRequest", "image { " + SPEC + " } verbose: true")));
    assertEquals(new Requests.Status(ImageSpec.NONE, false), Requests.imageStatus(new byte[0]));
    assertEquals(
        SPECIFIED,
        Requests.image(
            "RemoveImageRequest", bytes("RemoveImageRequest", "image { " + SPEC + " }")));
    assertTrue(Requests.verbose(bytes("StatusRequest", "verbose: true")));
    assertFalse(Requests.verbose(new byte[0]));
  }

  @Test
  void aPullIsReadWithAllThatItSays() throws Exception {
    byte[] message =
        bytes(
            "PullImageRequest",
            "image { "
                + SPEC
                + " } auth { username: \"u\" password: \"pä\" auth: \"QTpC\" server_address: \"s\""
                + " identity_token: \"i\" registry_token: \"r\" } sandbox_config { metadata { name:"
                + " \"n\" uid: \"1-2\" namespace: \"ns\" attempt: 3 } annotations { key: \"a\""
                + " value: \"b\" } labels { key: \"l\" value: \"m\" } }");
    char[] password;
    try (PullImageRequest request = PullImageRequest.decode(message)) {
      assertEquals(SPECIFIED, request.image());
      assertEquals(new PodSandbox("n", "1-2", "ns", Map.of("a", "b")), request.sandbox());
      assertEquals("u", request.auth().username());
      assertArrayEquals("pä".toCharArray(), request.auth().password());
      assertArrayEquals("QTpC".toCharArray(), request.auth().auth());
      assertEquals("s", request.auth().serverAddress());
      assertArrayEquals("i".toCharArray(), request.auth().identityToken());
      assertArrayEquals("r".toCharArray(), request.auth().registryToken());
      assertEquals("AuthConfig[***]", request.auth().toString());
      assertFalse(request.toString().contains("pä"));
      password = request.auth().password();
    }
    assertArrayEquals(new char[2], password);
    assertArrayEquals(new byte[message.length], message);
  }

  /// A field that no version so far has, of each type, before one that is known.
  @Test
  void whatIsNotKnownIsPassedOver() throws Exception {
    byte[] spec =
        new ProtoWriter()
            .number(900, 7)
            .text(901, "x")
            .message(902, new byte[] {8, 1})
            .text(1, "a:1")
            .toBytes();
    byte[] request = new ProtoWriter().number(77, 1).message(1, spec).toBytes();
    assertEquals("a:1", Requests.image("RemoveImageRequest", request).image());
    assertEquals("a:1", PullImageRequest.decode(request.clone()).image().image());
  }

  static List<Arguments> hostile() {
    ProtoWriter many = new ProtoWriter();
    for (int i = 0; i < 5000; i++) {
      many.message(2, new ProtoWriter().text(1, "k" + i).toBytes());
    }
    return List.of(
        Arguments.of("cut off", new byte[] {0x0a, 5, 'a'}),
        Arguments.of("a group", new byte[] {0x0b, 0x0c}),
        Arguments.of("another type", new byte[] {8, 1}),
        Arguments.of("no UTF-8", new ProtoWriter().message(1, new byte[] {0x0a, 1, -1}).toBytes()),
        Arguments.of("too many", new ProtoWriter().message(1, many.toBytes()).toBytes()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("hostile")
  void whatIsNoMessageIsRefused(String name, byte[] message) {
    assertThrows(ProtoException.class, () -> PullImageRequest.decode(message.clone()));
    assertThrows(ProtoException.class, () -> Requests.imageStatus(message));
    assertThrows(ProtoException.class, () -> Requests.image("x", message));
  }

  @Test
  void aSecretThatIsNoTextIsRefused() {
    byte[] auth = new ProtoWriter().message(2, new byte[] {-1, -2}).toBytes();
    byte[] request = new ProtoWriter().message(2, auth).toBytes();
    assertEquals(
        "read AuthConfig: a secret is not UTF-8",
        assertThrows(ProtoException.class, () -> PullImageRequest.decode(request)).getMessage());
  }

  /// Each image once, in order, as many in a message as fit.
  @Test
  void aStreamOfImagesIsCutIntoMessages() {
    List<Image> images = List.of(FULL, NAMED, ROOT, FULL, NAMED);
    assertEquals(List.of(), Answers.imageStream(List.of(), 100));
    for (int most : new int[] {1, 50, 100, 1_000_000}) {
      List<byte[]> messages = Answers.imageStream(images, most);
      int bytes = 0;
      StringBuilder all = new StringBuilder();
      for (byte[] message : messages) {
        assertTrue(message.length > 0);
        bytes += message.length;
        all.append(ProtoFile.message("StreamImagesResponse", message));
      }
      assertEquals(Answers.images(images).length, bytes);
      assertEquals(
          ProtoFile.message("StreamImagesResponse", Answers.images(images)).toString(),
          all.toString());
      assertEquals(most == 1 ? 5 : most == 1_000_000 ? 1 : messages.size(), messages.size());
    }
  }

  @Test
  void anImageThatClientsWouldTakeForAFaultIsNone() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new Image("", List.of(), List.of(), 1, null, "", false));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Image("sha256:ab", List.of(), List.of(), 0, null, "", false));
  }
}
