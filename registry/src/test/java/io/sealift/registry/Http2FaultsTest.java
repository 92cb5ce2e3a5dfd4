package io.sealift.registry;

import static io.sealift.testing.Http2Stream.ACK;
import static io.sealift.testing.Http2Stream.CONTINUATION;
import static io.sealift.testing.Http2Stream.DATA;
import static io.sealift.testing.Http2Stream.END_HEADERS;
import static io.sealift.testing.Http2Stream.END_STREAM;
import static io.sealift.testing.Http2Stream.GOAWAY;
import static io.sealift.testing.Http2Stream.HEADERS;
import static io.sealift.testing.Http2Stream.PADDED;
import static io.sealift.testing.Http2Stream.PING;
import static io.sealift.testing.Http2Stream.PUSH_PROMISE;
import static io.sealift.testing.Http2Stream.SETTINGS;
import static io.sealift.testing.Http2Stream.WINDOW_UPDATE;
import static io.sealift.testing.Http2Stream.header;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sealift.oci.MediaType;
import io.sealift.oci.Reference;
import io.sealift.source.ImageSource;
import io.sealift.testing.BuiltBlob;
import io.sealift.testing.Fault;
import io.sealift.testing.Http2Stream;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.RegistryRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What can go wrong with a registry that speaks HTTP/2 and nothing else: what can with any, and
/// what only frames can do.
class Http2FaultsTest {

  private static final String GET_MANIFEST = "get HERE/v2/app/manifests/v1: ";
  private static final String READ_MANIFEST = "read manifest v1 of HERE/v2/app: ";
  private static final String FETCH_BLOB = "fetch blob LAYER of HERE/v2/app: ";

  private static final int NO_ERROR = 0;
  private static final int REFUSED_STREAM = 7;
  private static final int ENHANCE_YOUR_CALM = 11;
  private static final int HTTP_1_1_REQUIRED = 13;
  private static final byte[] NOTHING = {};

  private static InProcessRegistry.Builder plain(InProcessRegistry.Builder server) {
    return server.http2();
  }

  private static InProcessRegistry.Builder tls(InProcessRegistry.Builder server) {
    return server.https().http2();
  }

  private static FaultsTest.Row row(
      String name,
      UnaryOperator<InProcessRegistry.Builder> server,
      String part,
      int times,
      Http2Stream.Script script,
      int requests,
      String waits,
      String message) {
    return new FaultsTest.Row(
        name,
        server,
        scene -> scene.plan(part, times, Fault.frames(script)),
        requests,
        waits,
        message.isEmpty() ? 0 : 1,
        message);
  }

  /// The first answer about a manifest; all is well in the end.
  private static FaultsTest.Row once(
      String name, Http2Stream.Script script, int requests, String waits) {
    return row(
        "manifest: " + name, Http2FaultsTest::tls, "/manifests/", 1, script, requests, waits, "");
  }

  /// The same of the blob.
  private static FaultsTest.Row blobOnce(
      String name, Http2Stream.Script script, int requests, String waits) {
    return row("blob: " + name, Http2FaultsTest::plain, "/blobs/", 1, script, requests, waits, "");
  }

  /// Each answer about a manifest.
  private static FaultsTest.Row always(
      String name, Http2Stream.Script script, int requests, String waits, String message) {
    return row(
        "manifest: " + name,
        Http2FaultsTest::plain,
        "/manifests/",
        Integer.MAX_VALUE,
        script,
        requests,
        waits,
        message);
  }

  /// The same of the blob.
  private static FaultsTest.Row blob(
      String name, Http2Stream.Script script, int requests, String waits, String message) {
    return row(
        "blob: " + name,
        Http2FaultsTest::tls,
        "/blobs/",
        Integer.MAX_VALUE,
        script,
        requests,
        waits,
        message);
  }

  static Stream<FaultsTest.Row> sound() {
    return Stream.of(
        new FaultsTest.Row("over TLS", Http2FaultsTest::tls, scene -> {}, 2, "", 0, ""),
        new FaultsTest.Row("without TLS", Http2FaultsTest::plain, scene -> {}, 2, "", 0, ""),
        once(
            "early hints",
            stream -> {
              stream.frame(HEADERS, END_HEADERS, stream.id(), header(":status", "103"));
              return whole(stream);
            },
            2,
            ""),
        once(
            "pings, settings and what is not known",
            stream -> {
              stream.frame(PING, 0, 0, new byte[8]).frame(PING, ACK, 0, new byte[8]);
              stream.frame(SETTINGS, 0, 0, new byte[] {0, 99, 0, 0, 0, 1});
              stream.frame(0x42, 0xff, stream.id(), new byte[100]);
              stream.frame(WINDOW_UPDATE, 0, 0, new byte[] {0, 0, 0, 1});
              return whole(stream);
            },
            2,
            ""),
        once(
            "headers in three frames",
            stream -> {
              stream.frame(HEADERS, 0, stream.id(), header(":status", "200"));
              stream.frame(CONTINUATION, 0, stream.id());
              stream.frame(CONTINUATION, END_HEADERS, stream.id(), header("a", "b"));
              stream.data(END_STREAM, stream.body());
              return true;
            },
            2,
            ""),
        blobOnce(
            "padding, and the end apart",
            stream -> {
              stream.head(0);
              byte[] body = stream.body();
              for (int from = 0; from < body.length; ) {
                int length = Math.min(10_000, body.length - from);
                byte[] padded = new byte[1 + length + 200];
                padded[0] = (byte) 200;
                System.arraycopy(body, from, padded, 1, length);
                stream.frame(DATA, PADDED, stream.id(), padded);
                from += length;
              }
              stream.data(0, NOTHING).data(END_STREAM, NOTHING);
              return true;
            },
            2,
            ""),
        blobOnce(
            "trailers",
            stream -> {
              stream.head(0).data(0, stream.body());
              stream.frame(HEADERS, END_HEADERS | END_STREAM, stream.id(), header("a", "b"));
              return true;
            },
            2,
            ""));
  }

  private static boolean whole(Http2Stream stream) throws IOException {
    stream.head(0).data(END_STREAM, stream.body());
    return true;
  }

  static Stream<FaultsTest.Row> goingAway() {
    return Stream.of(
        once(
            "GOAWAY after the answer",
            stream -> {
              stream.head(0).data(END_STREAM, stream.body()).goAway(stream.id(), NO_ERROR);
              return false;
            },
            2,
            ""),
        once(
            "GOAWAY before the answer, which comes",
            stream -> {
              stream.goAway(Integer.MAX_VALUE, NO_ERROR).goAway(stream.id(), NO_ERROR);
              whole(stream);
              return false;
            },
            2,
            ""),
        once(
            "GOAWAY instead of an answer",
            stream -> {
              stream.goAway(stream.id() - 2, NO_ERROR);
              return false;
            },
            3,
            "2"),
        blobOnce(
            "GOAWAY instead of an answer, over a connection that served before",
            stream -> {
              stream.goAway(stream.id() - 2, NO_ERROR);
              return false;
            },
            3,
            ""),
        blobOnce(
            "GOAWAY and the end inside the body",
            stream -> {
              stream.head(0).data(0, Arrays.copyOf(stream.body(), 1_000_000));
              stream.goAway(stream.id(), NO_ERROR);
              return false;
            },
            3,
            "2"),
        always(
            "GOAWAY to everybody",
            stream -> {
              stream.goAway(0, ENHANCE_YOUR_CALM);
              return false;
            },
            5,
            "2 4 8 16",
            GET_MANIFEST + "the server goes away (ENHANCE_YOUR_CALM)"),
        blobOnce(
            "a stream that is refused, over a connection that served before",
            stream -> {
              stream.reset(REFUSED_STREAM);
              return true;
            },
            3,
            ""),
        blobOnce(
            "a stream that is reset inside the body",
            stream -> {
              stream.head(0).data(0, Arrays.copyOf(stream.body(), 1_000_000)).reset(2);
              return true;
            },
            3,
            "2"),
        always(
            "a stream that wants HTTP/1.1",
            stream -> {
              stream.reset(HTTP_1_1_REQUIRED);
              return true;
            },
            5,
            "2 4 8 16",
            GET_MANIFEST + "the server reset the stream (HTTP_1_1_REQUIRED)"));
  }

  static Stream<FaultsTest.Row> nonsense() {
    byte[] tooLong = new byte[16 * 1024 + 1];
    String idle = "more than 100 frames of HTTP/2 that bring an answer no further";
    return Stream.of(
        refused("a frame that is too long", "a frame of HTTP/2 of 16385 bytes", DATA, 0, tooLong),
        refused("a body first", "a body of HTTP/2 before its headers", DATA, 0, new byte[9]),
        refused("a promise", "a frame of HTTP/2 that may not be here", PUSH_PROMISE, 4, NOTHING),
        refused(
            "headers that go on without a beginning",
            "a frame of HTTP/2 that may not be here",
            CONTINUATION,
            END_HEADERS,
            NOTHING),
        refused(
            "padding without end",
            "padding of HTTP/2 that is too large",
            HEADERS,
            PADDED | END_HEADERS,
            new byte[] {9, 0}),
        refused(
            "padding without a beginning",
            "padding of HTTP/2 that is too large",
            HEADERS,
            PADDED | END_HEADERS,
            NOTHING),
        refused("no status", "an answer of HTTP/2 without a proper status", HEADERS, 4, NOTHING),
        headers("a status too late", "an answer of HTTP/2 without a proper status", "a", "b"),
        headers("a status of words", "a length that is no number", ":status", "two"),
        headers("a name in capitals", "a header without a proper name", false, "A", "b"),
        headers("a name with a space", "a header without a proper name", false, "a b", "c"),
        headers("no name", "a header without a proper name", false, "", "c"),
        headers("another first name", "an answer of HTTP/2 without a proper status", ":a", "c"),
        headers("two lines in one", "a header with more than one line", false, "a", "b\r\nc: d"),
        headers(
            "a header of HTTP/1.1",
            "a header of HTTP/1.1 in HTTP/2: transfer-encoding",
            false,
            "transfer-encoding",
            "chunked"),
        always(
            "too many headers",
            stream -> {
              ByteArrayOutputStream block = new ByteArrayOutputStream();
              block.writeBytes(header(":status", "200"));
              for (int i = 0; i < 128; i++) {
                block.writeBytes(header("a", "b"));
              }
              stream.frame(HEADERS, END_HEADERS, stream.id(), block.toByteArray());
              return false;
            },
            1,
            "",
            GET_MANIFEST + "more than 128 headers"),
        always(
            "headers in frames without end",
            stream -> {
              stream.frame(HEADERS, 0, stream.id());
              while (true) {
                stream.frame(CONTINUATION, 0, stream.id());
              }
            },
            1,
            "",
            GET_MANIFEST + "headers of HTTP/2 of more than 65536 bytes or 16 frames"),
        always(
            "headers of 80 KiB",
            stream -> {
              stream.frame(HEADERS, 0, stream.id());
              for (int i = 0; i < 5; i++) {
                stream.frame(CONTINUATION, i == 4 ? END_HEADERS : 0, stream.id(), new byte[16_384]);
              }
              return false;
            },
            1,
            "",
            GET_MANIFEST + "headers of HTTP/2 of more than 65536 bytes or 16 frames"),
        always(
            "headers that break off",
            stream -> {
              stream.frame(HEADERS, 0, stream.id()).frame(DATA, 0, stream.id());
              return false;
            },
            1,
            "",
            GET_MANIFEST + "headers of HTTP/2 that do not go on"),
        flood("pings without end", idle, PING, new byte[8]),
        flood("settings without end", idle, SETTINGS, NOTHING),
        flood("what is not known, without end", idle, 0x42, NOTHING),
        refused0("settings of a wrong size", "settings of HTTP/2 of a wrong size", SETTINGS, 0, 5),
        refused0("a ping of a wrong size", "a frame of HTTP/2 of a wrong size", PING, 0, 7),
        refused0("GOAWAY of a wrong size", "a frame of HTTP/2 of a wrong size", GOAWAY, 0, 7),
        always(
            "a window that is too large",
            stream -> {
              byte[] more = {0x7f, -1, -1, -1};
              stream.frame(WINDOW_UPDATE, 0, 0, more);
              return whole(stream);
            },
            1,
            "",
            GET_MANIFEST + "a window of HTTP/2 that is too large"),
        always(
            "the answer to another question",
            stream -> {
              stream.frame(HEADERS, END_HEADERS, stream.id() + 2, header(":status", "200"));
              return false;
            },
            1,
            "",
            GET_MANIFEST + "an answer of HTTP/2 that nobody asked for"),
        always(
            "only provisional answers",
            stream -> {
              for (int i = 0; i < 8; i++) {
                stream.frame(HEADERS, END_HEADERS, stream.id(), header(":status", "102"));
              }
              return false;
            },
            1,
            "",
            GET_MANIFEST + "nothing but provisional answers"),
        blob(
            "frames without content, without end",
            stream -> {
              stream.head(0);
              while (true) {
                stream.data(0, NOTHING);
              }
            },
            2,
            "",
            FETCH_BLOB + idle),
        always(
            "more than the length",
            stream -> {
              stream.head(0).data(0, stream.body()).data(END_STREAM, new byte[1]);
              return false;
            },
            1,
            "",
            READ_MANIFEST + "more bytes than the length that was said"),
        blob(
            "a body after the trailers",
            stream -> {
              stream.head(0);
              stream.frame(HEADERS, END_HEADERS, stream.id(), header("a", "b"));
              return false;
            },
            2,
            "",
            FETCH_BLOB + "a body of HTTP/2 that goes on after its trailers"),
        blobOnce(
            "the end before the end",
            stream -> {
              stream.head(0).data(END_STREAM, Arrays.copyOf(stream.body(), 1_000_000));
              return true;
            },
            3,
            "2"));
  }

  /// One frame of the stream that is refused at once.
  private static FaultsTest.Row refused(
      String name, String message, int type, int flags, byte[] content) {
    return always(
        name,
        stream -> {
          stream.frame(type, flags, stream.id(), content);
          return false;
        },
        1,
        "",
        GET_MANIFEST + message);
  }

  /// One frame of the connection, of so many bytes.
  private static FaultsTest.Row refused0(
      String name, String message, int type, int flags, int bytes) {
    return always(
        name,
        stream -> {
          stream.frame(type, flags, 0, new byte[bytes]);
          return whole(stream);
        },
        1,
        "",
        GET_MANIFEST + message);
  }

  private static FaultsTest.Row flood(String name, String message, int type, byte[] content) {
    return always(
        name,
        stream -> {
          while (true) {
            stream.frame(type, 0, 0, content);
          }
        },
        1,
        "",
        GET_MANIFEST + message);
  }

  private static FaultsTest.Row headers(String name, String message, String field, String value) {
    return headers(name, message, true, field, value);
  }

  /// An answer with one more header, or with that before its status.
  private static FaultsTest.Row headers(
      String name, String message, boolean first, String field, String value) {
    return always(
        name,
        stream -> {
          ByteArrayOutputStream block = new ByteArrayOutputStream();
          byte[] status = header(":status", "200");
          byte[] other = header(field, value);
          block.writeBytes(first ? other : status);
          block.writeBytes(first ? status : other);
          stream.frame(HEADERS, END_HEADERS, stream.id(), block.toByteArray());
          return whole(stream);
        },
        1,
        "",
        GET_MANIFEST + message);
  }

  @ParameterizedTest
  @MethodSource({"sound", "goingAway", "nonsense"})
  void aFaultOfFrames(FaultsTest.Row row) throws Exception {
    FaultsTest.prove(row);
  }

  /// Whether it is about what only HTTP/1.1 can say, or about which version is spoken.
  private static boolean isOfHttp1(FaultsTest.Row row) throws Exception {
    try (Setting here = new Setting(InProcessRegistry.start());
        Setting other = new Setting(InProcessRegistry.start())) {
      FaultsTest.Scene scene = new FaultsTest.Scene(here, other);
      row.fault().accept(scene);
      return !scene.written().isEmpty() || row.name().startsWith("a server that speaks");
    }
  }

  static List<FaultsTest.Row> ofAnyVersion() throws Exception {
    List<FaultsTest.Row> rows = new ArrayList<>();
    for (FaultsTest.Row row : FaultsTest.rows().toList()) {
      if (!isOfHttp1(row)) {
        rows.add(row);
      }
    }
    return rows;
  }

  @ParameterizedTest
  @MethodSource("ofAnyVersion")
  void aFaultOfAnyVersion(FaultsTest.Row row) throws Exception {
    FaultsTest.prove(
        new FaultsTest.Row(
            row.name(),
            builder -> row.server().apply(builder).http2(),
            row.fault(),
            row.requests(),
            row.waits(),
            row.status(),
            row.message()));
  }

  /// What the server may send runs out on the way, of the stream and of the connection, and is
  /// given anew.
  @Test
  void aBlobIsLargerThanTheWindow() throws Exception {
    byte[] bytes = new byte[20 << 20];
    new Random(9113).nextBytes(bytes);
    BuiltBlob blob = BuiltBlob.of(new MediaType("application/vnd.oci.image.layer.v1.tar"), bytes);
    try (InProcessRegistry registry = InProcessRegistry.builder().http2().start()) {
      registry.push("app", "v1", new ImageBuilder().layer(blob).build());
      Reference name = Reference.parse(registry.name("app", "v1"));
      try (ImageSource source = RegistryClient.builder().plainHttp(true).build().open(name)) {
        for (int time = 0; time < 2; time++) {
          assertArrayEquals(bytes, Setting.read(source, blob.descriptor()));
        }
      }
    }
  }

  /// Here the server takes a hundred bytes at once, and the headers take more than one frame.
  @Test
  void aRequestIsSentAsTheServerTakesIt() throws Exception {
    try (InProcessRegistry registry = InProcessRegistry.builder().http2().start();
        WebService service = RegistryClient.builder().build().service(URI.create(registry.url()))) {
      String body = "b".repeat(1234);
      String token = "t".repeat(20_000);
      for (int time = 0; time < 2; time++) {
        WebService.Answer answer =
            service.send(
                "POST",
                "/there",
                Map.of("Authorization", token),
                body.getBytes(StandardCharsets.UTF_8),
                1000);
        assertEquals(404, answer.status());
      }
      assertEquals("[POST /there, POST /there]", registry.requests().toString());
      for (RegistryRequest request : registry.requests()) {
        assertEquals(body, request.body());
        assertEquals(token, request.header("authorization"));
        assertEquals("1234", request.header("content-length"));
        assertEquals("identity", request.header("accept-encoding"));
        assertEquals(registry.url(), "http://" + request.header(":authority"));
      }
    }
  }
}
