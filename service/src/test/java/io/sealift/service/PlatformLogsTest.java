package io.sealift.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.logging.LogManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlatformLogsTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @AfterEach
  void asItWas() throws IOException {
    LogManager.getLogManager().readConfiguration();
  }

  @ParameterizedTest
  @CsvSource({"DEBUG, true", "INFO, false"})
  void oneLogHasItAll(Log.Level least, boolean withDebug) {
    PlatformLogs.into(new Log(out, LineFormat.TEXT, least, InstantSource.system()));
    System.Logger ours = System.getLogger("io.sealift.store");
    System.Logger theirs = System.getLogger("org.example");
    ours.log(System.Logger.Level.DEBUG, "a detail");
    ours.log(System.Logger.Level.INFO, "store={0} waiting", "/x\ny");
    ours.log(System.Logger.Level.WARNING, "left behind", new IOException("Disk\nfull"));
    theirs.log(System.Logger.Level.INFO, "noise");
    theirs.log(System.Logger.Level.ERROR, "serious");
    List<String> lines =
        out.toString(UTF_8).lines().map(line -> line.replaceFirst("time=\\S+ ", "")).toList();
    assertEquals(
        List.of(
            "level=info event=message logger=io.sealift.store message=\"store=/x\\u000ay waiting\"",
            "level=warn event=message logger=io.sealift.store message=\"left behind\" thrown=\"java.io.IOException: Disk\\u000afull\"",
            "level=error event=message logger=org.example message=serious"),
        withDebug ? lines.subList(1, lines.size()) : lines);
    if (withDebug) {
      assertEquals(
          "level=debug event=message logger=io.sealift.store message=\"a detail\"", lines.get(0));
    }
  }
}
