package io.sealift.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sealift.failure.ImageException;
import io.sealift.oci.Reference;
import io.sealift.source.BlobStream;
import io.sealift.source.ImageSource;
import io.sealift.testing.Fault;
import io.sealift.testing.InProcessRegistry;
import io.sealift.verify.ExpectedBytes;
import io.sealift.verify.JcaHashing;
import io.sealift.verify.Verification;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What can go wrong with a registry, one fault a row: how many requests it is worth, how it ends,
/// and what is said. Each row gets a manifest and a layer as a pull does, and proves the layer.
class FaultsTest {

  private static final String OK = "HTTP/1.1 200 OK\r\n";
  private static final String MANIFEST = "/manifests/";
  private static final String BLOB = "/blobs/";

  /// Said before what is told of a manifest or blob by whoever asked for it, or by the connection.
  private static final String FETCH_MANIFEST = "fetch manifest v1 of HERE/v2/app: ";

  private static final String GET_MANIFEST = "get HERE/v2/app/manifests/v1: ";
  private static final String READ_MANIFEST = "read manifest v1 of HERE/v2/app: ";
  private static final String FETCH_BLOB = "fetch blob LAYER of HERE/v2/app: ";
  private static final String GET_BLOB = "get HERE/v2/app/blobs/LAYER: ";

  /// Milliseconds that are enough for a sound answer on this machine, however busy it is.
  private static final int ENOUGH = 1000;

  /// The exit status of what ends well.
  private static final int DONE = 0;

  /// A fault and what becomes of it.
  ///
  /// @param server what kind of registry it is
  /// @param fault what goes wrong
  /// @param requests how many come to the registry; two without a fault
  /// @param waits seconds between tries
  /// @param status the exit status
  /// @param message in which `HERE` and `OTHER` are the URLs of the two servers and `LAYER` is the
  ///   digest; empty when all is well
  record Row(
      String name,
      UnaryOperator<InProcessRegistry.Builder> server,
      Consumer<Scene> fault,
      int requests,
      String waits,
      int status,
      String message) {

    @Override
    public String toString() {
      return name;
    }
  }

  /// A registry that does wrong, another server, and the client.
  ///
  /// @param written the faults that only HTTP/1.1 can do
  record Scene(Setting here, Setting other, RegistryClient.Builder client, List<Fault> written) {

    Scene(Setting here, Setting other) {
      this(here, other, here.client(), new ArrayList<>());
    }

    Scene plan(String part, int times, Fault fault) {
      here.registry.plan(part, times, fault);
      note(fault);
      return this;
    }

    Scene plan(String part, Fault fault) {
      here.registry.plan(part, fault);
      note(fault);
      return this;
    }

    private void note(Fault fault) {
      if (fault.isOfHttp1()) {
        written.add(fault);
      }
    }

    /// Each read has so many milliseconds.
    Scene impatient(int millis) {
      client.timeouts(new Timeouts(Duration.ofHours(1), Duration.ofMillis(millis)));
      return this;
    }

    /// Each manifest and blob has the time of {@link #ENOUGH} as a whole, and each read an hour.
    Scene hurried() {
      Duration hour = Duration.ofHours(1);
      client.timeouts(new Timeouts(hour, hour, Duration.ofMillis(ENOUGH)));
      return this;
    }

    /// Two attempts at everything.
    Scene twice() {
      client.retries(new Retries(2, Duration.ofSeconds(2), Duration.ofSeconds(60)));
      return this;
    }
  }

  private static Row row(
      String name, Consumer<Scene> fault, int requests, String waits, int status, String message) {
    return new Row(name, UnaryOperator.identity(), fault, requests, waits, status, message);
  }

  /// The same with a registry that wants a token, which user `alice` gets there.
  private static Row tokens(
      String name, Consumer<Scene> fault, int requests, String waits, int status, String message) {
    return new Row(
        name,
        builder -> builder.bearer("alice", Setting.PASSWORD),
        scene -> {
          scene.client.credentials(Setting.user(Setting.PASSWORD));
          fault.accept(scene);
        },
        requests,
        waits,
        status,
        message);
  }

  /// The same with a registry over TLS.
  private static Row tls(
      String name, Consumer<Scene> fault, int requests, String waits, int status, String message) {
    return new Row(name, InProcessRegistry.Builder::https, fault, requests, waits, status, message);
  }

  /// A registry over TLS that speaks these protocols (ALPN).
  private static Row speaking(String protocols, int requests, int status, String message) {
    return new Row(
        "a server that speaks " + protocols,
        builder -> builder.https().protocols(protocols.split(" ", -1)), // and speaks HTTP/1.1
        scene -> {},
        requests,
        "",
        status,
        message);
  }

  /// A fault of the manifest's answers, each time or the first time only.
  private static Row manifest(
      String name, Fault fault, int requests, String waits, int status, String message) {
    int times = status == DONE ? 1 : Integer.MAX_VALUE;
    return row(
        "manifest: " + name,
        scene -> scene.plan(MANIFEST, times, fault),
        requests,
        waits,
        status,
        message);
  }

  /// The same of the blob's.
  private static Row blob(
      String name, Fault fault, int requests, String waits, int status, String message) {
    int times = status == DONE ? 1 : Integer.MAX_VALUE;
    return row(
        "blob: " + name, scene -> scene.plan(BLOB, times, fault), requests, waits, status, message);
  }

  private static Fault says(int status) {
    return Fault.status(status, "");
  }

  private static String noReason(int status) {
    return "no reason given (status " + status + ")";
  }

  static Stream<Row> statuses() {
    String check = "; check the name, or pass other credentials with --creds USER:PASSWORD";
    return Stream.of(
        row("no fault", scene -> {}, 2, "", DONE, ""),
        manifest("400", says(400), 1, "", 1, FETCH_MANIFEST + noReason(400)),
        manifest(
            "401 without a challenge",
            says(401),
            1,
            "",
            5,
            "log in to HERE: expected a challenge of type Bearer or Basic"),
        manifest("403", says(403), 1, "", 5, FETCH_MANIFEST + noReason(403) + check),
        manifest("404", says(404), 1, "", 4, FETCH_MANIFEST + noReason(404)),
        manifest("408", says(408), 5, "2 4 8 16", 1, FETCH_MANIFEST + noReason(408)),
        manifest("408 once", says(408), 3, "2", DONE, ""),
        manifest(
            "429",
            Fault.tooMany("7"),
            5,
            "7 7 7 7",
            1,
            FETCH_MANIFEST + "TOOMANYREQUESTS: slow down (status 429)"),
        manifest("429 for seven seconds", Fault.tooMany("7"), 3, "7", DONE, ""),
        manifest(
            "429 until a date long past",
            Fault.tooMany("Wed, 21 Oct 2015 07:28:00 GMT"),
            3,
            "0",
            DONE,
            ""),
        manifest(
            "429 until a date far away",
            Fault.tooMany("Fri, 31 Dec 2100 23:59:59 GMT"),
            3,
            "60",
            DONE,
            ""),
        manifest("429 for eleven days", Fault.tooMany("999999"), 3, "60", DONE, ""),
        manifest("429 until nonsense", Fault.tooMany("tomorrow"), 3, "2", DONE, ""),
        manifest("500", says(500), 5, "2 4 8 16", 1, FETCH_MANIFEST + noReason(500)),
        manifest("501", says(501), 1, "", 1, FETCH_MANIFEST + noReason(501)),
        manifest("502", says(502), 5, "2 4 8 16", 1, FETCH_MANIFEST + noReason(502)),
        manifest("503", says(503), 5, "2 4 8 16", 1, FETCH_MANIFEST + noReason(503)),
        manifest("504", says(504), 5, "2 4 8 16", 1, FETCH_MANIFEST + noReason(504)),
        blob("404", says(404), 2, "", 4, FETCH_BLOB + noReason(404)),
        blob("429 for seven seconds", Fault.tooMany("7"), 3, "7", DONE, ""),
        blob("500 once", says(500), 3, "2", DONE, ""),
        blob("503", says(503), 6, "2 4 8 16", 1, FETCH_BLOB + noReason(503)),
        row(
            "500, 429, 503, each once",
            scene ->
                scene
                    .plan(MANIFEST, 1, says(500))
                    .plan(MANIFEST, 1, Fault.tooMany("1"))
                    .plan(MANIFEST, 1, says(503)),
            5,
            "2 1 8",
            DONE,
            ""));
  }

  static Stream<Row> stalls() {
    String crawled = "fewer than 1024 bytes a second came";
    return Stream.of(
        row(
            "silence before the head",
            scene -> scene.impatient(50).plan(MANIFEST, Fault.rawThenSilence("")),
            5,
            "2 4 8 16",
            1,
            GET_MANIFEST + "timed out"),
        row(
            "silence before the head, once",
            scene -> scene.impatient(ENOUGH).plan(BLOB, 1, Fault.rawThenSilence("")),
            3,
            "2",
            DONE,
            ""),
        row(
            "silence inside the status",
            scene -> scene.impatient(ENOUGH).plan(MANIFEST, 1, Fault.rawThenSilence("HTTP/1.1 2")),
            3,
            "2",
            DONE,
            ""),
        row(
            "silence inside the head",
            scene ->
                scene
                    .impatient(ENOUGH)
                    .twice()
                    .plan(BLOB, Fault.rawThenSilence(OK + "Content-Len")),
            3,
            "2",
            1,
            GET_BLOB + "timed out"),
        row(
            "a head line by line",
            scene -> scene.impatient(ENOUGH).twice().plan(MANIFEST, Fault.slowHead(20)),
            2,
            "2",
            1,
            GET_MANIFEST + "timed out"),
        row(
            "silence inside a manifest",
            scene ->
                scene
                    .impatient(50)
                    .plan(MANIFEST, Fault.rawThenSilence(OK + "Content-Length: 9\r\n\r\n{")),
            5,
            "2 4 8 16",
            1,
            READ_MANIFEST + "timed out"),
        row(
            "silence inside a blob",
            scene -> scene.impatient(ENOUGH).twice().plan(BLOB, Fault.stall(1000)),
            3,
            "2",
            1,
            FETCH_BLOB + "timed out"),
        row(
            "silence inside a blob, once",
            scene -> scene.impatient(ENOUGH).plan(BLOB, 1, Fault.stall(1_234_567)),
            3,
            "2",
            DONE,
            ""),
        row(
            "silence inside a chunk's length",
            scene ->
                scene
                    .impatient(ENOUGH)
                    .plan(
                        BLOB, 1, Fault.rawThenSilence(OK + "Transfer-Encoding: chunked\r\n\r\n2")),
            3,
            "2",
            DONE,
            ""),
        row(
            "a blob byte by byte",
            scene -> {
              scene.impatient(ENOUGH).plan(BLOB, Fault.trickle(20));
              scene.client.retries(Retries.none());
            },
            2,
            "",
            1,
            FETCH_BLOB + crawled));
  }

  static Stream<Row> totals() {
    String late = "took longer than the 1 s that it may take as a whole";
    return Stream.of(
        row("all in time", Scene::hurried, 2, "", DONE, ""),
        row(
            "no head in time",
            scene -> scene.hurried().plan(MANIFEST, Fault.rawThenSilence("")),
            1,
            "",
            1,
            GET_MANIFEST + late),
        row(
            "no whole manifest in time",
            scene -> scene.hurried().plan(MANIFEST, Fault.stall(10)),
            1,
            "",
            1,
            READ_MANIFEST + late),
        row(
            "no whole blob in time",
            scene -> scene.hurried().plan(BLOB, Fault.stall(1_234_567)),
            2,
            "",
            1,
            FETCH_BLOB + late),
        row(
            "no whole blob in time, byte by byte",
            scene -> scene.hurried().plan(BLOB, Fault.trickle(1)),
            2,
            "",
            1,
            FETCH_BLOB + late),
        row(
            "no rest of a blob in time",
            scene -> scene.hurried().plan(BLOB, 1, Fault.cut(1_000_000)).plan(BLOB, Fault.stall(9)),
            3,
            "2",
            1,
            FETCH_BLOB + late),
        tokens(
            "no token in time",
            scene -> scene.hurried().plan("/token", Fault.rawThenSilence("")),
            2,
            "",
            1,
            "get HERE/token: " + late));
  }

  static Stream<Row> breaks() {
    String closed = "the server closed the connection";
    return Stream.of(
        manifest("closed before the head", Fault.raw(""), 5, "2 4 8 16", 1, GET_MANIFEST + closed),
        manifest("reset before the head", Fault.rawThenReset(""), 3, "2", DONE, ""),
        manifest("reset inside the head", Fault.rawThenReset("HTTP/1.1 20"), 3, "2", DONE, ""),
        manifest("reset inside the body", Fault.reset(10), 3, "2", DONE, ""),
        blob("closed before the head, on a kept connection", Fault.raw(""), 3, "", DONE, ""),
        blob("closed inside", Fault.cut(1_500_000), 3, "2", DONE, ""),
        blob("reset inside", Fault.reset(1_500_000), 3, "2", DONE, ""),
        blob("reset at the first byte", Fault.reset(0), 3, "2", DONE, ""),
        blob("reset at the last byte", Fault.reset(Setting.SIZE - 1), 3, "2", DONE, ""),
        blob(
            "closed again and again",
            Fault.cut(1000),
            6,
            "2 4 8 16",
            1,
            FETCH_BLOB + closed + " inside an answer"),
        row(
            "no length, and closed inside",
            scene -> scene.plan(BLOB, 1, Fault.raw(OK + "\r\n" + "x".repeat(9))),
            3,
            "2",
            6,
            "verify layer: expected LAYER, got OTHERDIGEST"),
        row(
            "connections closed while they are idle",
            scene -> scene.plan("/", Fault.thenClose()),
            2,
            "",
            DONE,
            ""));
  }

  /// At each byte of a head and where buffers, records of TLS and packets of a body may end.
  static Stream<Row> resets() {
    String head = OK + "Content-Type: x/y\r\nContent-Length: 9\r\n\r\n";
    Stream<Row> heads =
        IntStream.rangeClosed(0, head.length())
            .mapToObj(at ->
                manifest(
                    "reset at byte %d of the head".formatted(at),
                    Fault.rawThenReset(head.substring(0, at)),
                    3,
                    "2",
                    DONE,
                    ""));
    Stream<Row> bodies =
        IntStream.of(1, 2, 1447, 1448, 4096, 8191, 8192, 16_383, 16_384, 16_385, 65_535, 65_536)
            .mapToObj(at ->
                blob(
                    "reset at byte %d of the body".formatted(at),
                    Fault.reset(at),
                    3,
                    "2",
                    DONE,
                    ""));
    return Stream.concat(heads, bodies);
  }

  static Stream<Row> lengths() {
    String few = "verify layer LAYER: expected 3000000 bytes, got ";
    return Stream.of(
        blob("a longer length than the body's", Fault.length(Setting.SIZE + 1), 2, "", DONE, ""),
        blob("a shorter length than the body's", Fault.length(1000), 2, "", 6, few + "1000"),
        blob("a shorter body", Fault.body(new byte[10]), 2, "", 6, few + "10"),
        blob("a longer body", Fault.body(new byte[Setting.SIZE + 1]), 2, "", 6, few + "more"),
        blob("an endless body", Fault.endless(), 2, "", 6, few + "more"),
        manifest(
            "an endless body",
            Fault.endless(),
            1,
            "",
            7,
            READ_MANIFEST + "more than the 4194304 bytes allowed"),
        manifest(
            "endless headers",
            Fault.endlessHead(),
            1,
            "",
            1,
            GET_MANIFEST + "more than 128 headers"),
        manifest(
            "a header without end",
            Fault.raw(OK + "X: " + "y".repeat(20_000)),
            1,
            "",
            1,
            GET_MANIFEST + "a line of more than 16384 bytes"),
        blob("chunks", Fault.chunked(7777), 2, "", DONE, ""),
        blob(
            "a chunk that is longer than it says",
            Fault.raw(OK + "Transfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n"),
            2,
            "",
            1,
            FETCH_BLOB + "a chunk that does not end where it should"),
        blob(
            "a chunk without a length",
            Fault.raw(OK + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n"),
            2,
            "",
            1,
            FETCH_BLOB + "a length that is no number"),
        blob(
            "chunks with more about them than in them",
            Fault.raw(OK + "Transfer-Encoding: chunked\r\n\r\n1;" + "x".repeat(300) + "\r\na\r\n"),
            2,
            "",
            1,
            FETCH_BLOB + "a line of more than 256 bytes"),
        blob(
            "two lengths",
            Fault.raw(OK + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"),
            2,
            "",
            1,
            GET_BLOB + "both a length and a transfer encoding"),
        blob(
            "a content encoding",
            Fault.header("Content-Encoding", "gzip"),
            2,
            "",
            1,
            GET_BLOB + "a content encoding that was not asked for"),
        blob(
            "a transfer encoding",
            Fault.raw(OK + "Transfer-Encoding: gzip, chunked\r\n\r\n"),
            2,
            "",
            1,
            GET_BLOB + "a transfer encoding that was not asked for"),
        manifest(
            "frames of HTTP/2",
            Fault.goAway(),
            2,
            "",
            1,
            GET_MANIFEST + "the server speaks neither HTTP/1.1 nor HTTP/2 properly"));
  }

  /// What may go wrong with the answer to the question for the rest of a blob.
  static Stream<Row> parts() {
    String wrong = "verify layer: expected LAYER, got OTHERDIGEST";
    return Stream.of(
        rest("the whole instead of the rest", Fault.ignoreRange(), 3, "2", DONE, ""),
        rest("no ranges", Fault.error(501, "UNSUPPORTED", "no"), 4, "2", DONE, ""),
        rest("another entity, the whole of it", Fault.header("ETag", "\"x\""), 3, "2", DONE, ""),
        rest(
            "another range",
            Fault.contentRange("bytes 0-2999999/3000000"),
            3,
            "2",
            1,
            FETCH_BLOB + "expected the bytes from 1500000 to 2999999, got another part"),
        rest(
            "a range of another blob",
            Fault.contentRange("bytes 1500000-2999999/4000000"),
            3,
            "2",
            1,
            FETCH_BLOB + "expected the bytes from 1500000 to 2999999, got another part"),
        rest("a wrong byte", Fault.spoiled(7), 3, "2", 6, wrong),
        rest(
            "403",
            says(403),
            3,
            "2",
            5,
            FETCH_BLOB
                + noReason(403)
                + "; check the name, or pass other credentials with --creds USER:PASSWORD"),
        rest("404", says(404), 3, "2", 4, FETCH_BLOB + noReason(404)),
        row(
            "the blob changed meanwhile",
            scene -> scene.plan(BLOB, 1, Fault.cut(1_500_000).with("ETag", "\"before\"")),
            3,
            "2",
            DONE,
            ""),
        blob("a wrong byte", Fault.spoiled(7), 2, "", 6, wrong),
        blob("a part of it", says(206), 2, "", 1, FETCH_BLOB + noReason(206)));
  }

  /// The blob breaks off in the middle, and the next answer is a fault.
  private static Row rest(
      String name, Fault fault, int requests, String waits, int status, String message) {
    return row(
        "rest: " + name,
        scene -> scene.plan(BLOB, 1, Fault.cut(1_500_000)).plan(BLOB, 1, fault),
        requests,
        waits,
        status,
        message);
  }

  static Stream<Row> elsewhere() {
    return Stream.of(
        row(
            "a redirect to another host",
            scene -> scene.plan(BLOB, Fault.redirect(307, at -> scene.other.registry.url() + at)),
            2,
            "",
            DONE,
            ""),
        row(
            "a redirect to another host that breaks off",
            scene -> {
              scene.plan(BLOB, Fault.redirect(307, at -> scene.other.registry.url() + at));
              scene.other.registry.plan(BLOB, 1, Fault.cut(1_500_000));
            },
            3,
            "2",
            DONE,
            ""),
        blob(
            "a redirect to itself",
            Fault.redirect(307, at -> at),
            12,
            "",
            1,
            "get HERE/v2/app/blobs/LAYER: more than 10 redirects"),
        blob(
            "a redirect to a file",
            Fault.redirect(307, at -> "file:///etc/passwd"),
            2,
            "",
            1,
            "follow a URL that HERE gave: expected a sound one of http or https without a user"),
        blob(
            "a redirect to the link of this machine",
            Fault.redirect(307, at -> "http://169.254.169.254/x"),
            2,
            "",
            1,
            "get http://169.254.169.254/x: HERE leads to http://169.254.169.254, an address of this machine or its link"),
        tls(
            "a redirect from TLS to none",
            scene -> scene.plan(BLOB, Fault.redirect(307, at -> scene.other.registry.url() + at)),
            2,
            "",
            1,
            "get HERE/v2/app/blobs/LAYER: redirected from HTTPS to OTHER/v2/app/blobs/LAYER, which is not"),
        speaking("h2 http/1.1", 2, DONE, ""),
        speaking(
            "h2",
            1,
            1,
            GET_MANIFEST
                + "TLS with HERE: the server speaks neither HTTP/1.1 nor HTTP/2 (alert no_application_protocol)"),
        speaking(
            "h3",
            0,
            1,
            GET_MANIFEST
                + "TLS with HERE: the server speaks neither HTTP/1.1 nor HTTP/2 (alert no_application_protocol)"),
        tokens("a token", scene -> {}, 4, "", DONE, ""),
        tokens(
            "a token of another host without TLS",
            scene ->
                scene.plan(
                    MANIFEST,
                    Fault.raw(
                        "HTTP/1.1 401 x\r\nWWW-Authenticate: Bearer realm=\"http://127.0.0.2:1/token\"\r\n\r\n")),
            1,
            "",
            5,
            "log in to HERE: refused to ask for a token at http://127.0.0.2:1; expected the registry's own host"),
        tokens(
            "a token server in trouble, once",
            scene -> scene.plan("/token", 1, says(503)),
            6,
            "2",
            DONE,
            ""),
        tokens(
            "a token that ends before the blob",
            scene ->
                scene
                    .plan(MANIFEST, 1, Fault.header("Not", "yet"))
                    .plan(
                        MANIFEST,
                        1,
                        Fault.header("And", "now").meanwhile(scene.here.registry::revokeTokens)),
            6,
            "",
            DONE,
            ""),
        tokens(
            "a token that ends between two parts of a blob",
            scene ->
                scene.plan(
                    BLOB, 1, Fault.cut(1_500_000).meanwhile(scene.here.registry::revokeTokens)),
            7,
            "2",
            DONE,
            ""));
  }

  static Stream<Row> rows() {
    return Stream.of(
            statuses(), stalls(), totals(), breaks(), resets(), lengths(), parts(), elsewhere())
        .flatMap(rows -> rows);
  }

  @ParameterizedTest
  @MethodSource("rows")
  void aFault(Row row) throws Exception {
    prove(row);
  }

  static void prove(Row row) throws Exception {
    try (Setting here = new Setting(row.server.apply(InProcessRegistry.builder()).start());
        Setting other = new Setting(InProcessRegistry.builder().address("127.0.0.2").start())) {
      Scene scene = new Scene(here, other);
      row.fault.accept(scene);
      String said = "";
      int status = DONE;
      try {
        pull(scene);
      } catch (ImageException failed) {
        said = failed.getMessage();
        status = failed.exitStatus();
      }
      assertEquals(row.message, anonymous(said, scene));
      assertEquals(row.status, status);
      assertEquals(row.requests, here.registry.requests().size(), here.requests().toString());
      assertEquals(row.waits, seconds(here.pauses));
    }
  }

  private static void pull(Scene scene) throws Exception {
    Reference name = Reference.parse(scene.here.registry.name("app", "v1"));
    try (ImageSource source = scene.client.build().open(name)) {
      assertArrayEquals(scene.here.image.document().bytes(), source.manifest().bytes());
      try (BlobStream stream = source.open(scene.here.layer);
          Verification layer =
              ExpectedBytes.of("layer", scene.here.layer).begin(new JcaHashing())) {
        ByteBuffer some = ByteBuffer.allocate(64 * 1024);
        while (stream.read(some.clear()) >= 0) {
          layer.update(some.flip());
        }
        layer.complete();
      }
    }
  }

  private static String anonymous(String message, Scene scene) {
    return message
        .replace(scene.here.registry.url(), "HERE")
        .replace(scene.other.registry.url(), "OTHER")
        .replace(scene.here.layer.digest().toString(), "LAYER")
        .replaceAll("sha256:[0-9a-f]{64}", "OTHERDIGEST")
        .replaceAll("/token\\?[^:]*:", "/token:");
  }

  private static String seconds(List<Duration> pauses) {
    return pauses.stream()
        .map(pause -> Long.toString(pause.toSeconds()))
        .collect(Collectors.joining(" "));
  }
}
