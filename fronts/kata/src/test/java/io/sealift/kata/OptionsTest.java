package io.sealift.kata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.BadReferenceException;
import io.sealift.imageconfig.Configuration.Value;
import io.sealift.imageconfig.HubSettings;
import io.sealift.service.LineFormat;
import io.sealift.service.Log;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {

  @Test
  void valuesStandBehindOrBesideTheirNames() throws Exception {
    Options options =
        Options.parse(
            "--socket",
            "/run/a",
            "--log=json",
            "-c",
            "/etc/cdh.toml",
            "--max-pulls=64",
            "--log-level",
            "debug",
            "--insecure-policy");
    assertEquals(Optional.of("/run/a"), options.value("socket"));
    assertEquals(Optional.of(Path.of("/etc/cdh.toml")), options.path("config"));
    assertEquals(64, options.pulls());
    assertEquals(LineFormat.JSON, options.lines());
    assertEquals(Optional.of(Log.Level.DEBUG), options.level());
    assertTrue(options.has("insecure-policy"));
  }

  @Test
  void whatIsNotGivenHasADefault() throws Exception {
    Options options = Options.parse();
    assertEquals(8, options.pulls());
    assertEquals(Options.Stacking.AUTO, options.stacking());
    assertEquals(LineFormat.TEXT, options.lines());
    assertEquals(Optional.empty(), options.level());
    Peers peers = Peers.of(options, HubSettings.NONE);
    assertEquals(
        new Peers(
            Path.of("/run/confidential-containers/cdh.sock"),
            null,
            Path.of("/run/confidential-containers/attestation-agent/attestation-agent.sock")),
        peers);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      textBlock =
          """
          --sockt=/a, "'--sockt' is no option; did you mean socket?"
          socket, "'socket' is no option"
          --, "'--' is no option; "
          --socket, "--socket needs a value"
          --socket=, "--socket needs a value"
          --registry-socket=a.example, "--registry-socket takes HOST[:PORT]=/PATH, others behind a comma, found 'a.example'"
          --registry-socket=a.example=b, "--registry-socket takes HOST[:PORT]=/PATH, others behind a comma, found 'a.example=b'"
          --registry-socket=a/b=/c, "--registry-socket takes HOST[:PORT]=/PATH, others behind a comma, found 'a/b=/c'"
          "--registry-socket=a.example=/b,", "--registry-socket takes HOST[:PORT]=/PATH, others behind a comma, found ''"
          --help=yes, "--help takes no value"
          --socket=/a --socket=/b, "--socket is given twice"
          --help -h, "--help is given twice"
          --max-pulls=0, "--max-pulls takes 1 to 64"
          --max-pulls=65, "--max-pulls takes 1 to 64"
          --max-pulls=x, "--max-pulls takes 1 to 64"
          --snapshotter=zfs, "--snapshotter takes one of auto, overlay, copy"
          --log=xml, "--log takes one of text, json"
          --log-level=all, "--log-level takes one of debug, info, warn, error"
          --policy=/p --insecure-policy, "--policy and --insecure-policy exclude each other"
          --scratch-device=8:0, "--scratch-device needs --hub, which encrypts it"
          --scratch-integrity, "--scratch-integrity needs --scratch-device"
          """)
  void mistakesAreNamed(String arguments, String message) {
    BadReferenceException bad =
        assertThrows(BadReferenceException.class, () -> Options.parse(arguments.split(" ", -1)));
    assertTrue(bad.getMessage().startsWith("read options: " + message), bad.getMessage());
    assertTrue(bad.getMessage().endsWith("see --help"), bad.getMessage());
  }

  @Test
  void registriesMayBeBehindSockets() throws Exception {
    assertEquals(
        Map.of("a.example", Path.of("/run/a"), "b.example:5000", Path.of("/run/b=b")),
        Options.parse("--registry-socket=a.example=/run/a,b.example:5000=/run/b=b")
            .registrySockets());
    assertEquals(Map.of(), Options.parse().registrySockets());
  }

  @Test
  void theStoreHasALimit() throws Exception {
    assertEquals(Optional.of(2L << 30), Options.parse("--store-limit=2G").storeLimit());
    BadReferenceException bad =
        assertThrows(BadReferenceException.class, () -> Options.parse("--store-limit=much"));
    assertEquals(
        "read --store-limit: expected a size such as 512M or 2G, found 'much'", bad.getMessage());
  }

  @Test
  void theFileOfAHubNamesSockets() throws Exception {
    HubSettings settings =
        new HubSettings(
            new Value("unix:///run/own", "socket of f"),
            new Value("unix:///run/agent", "aa.aa_socket of f"),
            null,
            List.of());
    assertEquals(
        new Peers(Path.of("/run/own"), null, Path.of("/run/agent")),
        Peers.of(Options.parse(), settings));
    assertEquals(
        new Peers(Path.of("/run/other"), Path.of("/run/hub"), Path.of("/run/agent")),
        Peers.of(Options.parse("--socket=/run/other", "--hub=unix:///run/hub"), settings));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      textBlock =
          """
          --socket=vsock://3:1024, "read --socket: 'vsock://3:1024' is no address of a Unix socket, expected unix:///PATH"
          --hub=hub.sock, "read --hub: 'hub.sock' is no address of a Unix socket, expected unix:///PATH"
          --hub=/run/../run/confidential-containers/cdh.sock, "read --hub: /run/confidential-containers/cdh.sock is where this daemon itself answers; let the data hub answer elsewhere"
          """)
  void addressesAreChecked(String option, String message) {
    BadReferenceException bad =
        assertThrows(
            BadReferenceException.class, () -> Peers.of(Options.parse(option), HubSettings.NONE));
    assertEquals(message, bad.getMessage());
  }

  @Test
  void theHelpNamesEveryOption() {
    for (String option : Options.names()) {
      assertTrue(
          Help.TEXT.contains(" --" + option + "=") || Help.TEXT.contains(" --" + option + " "),
          option);
    }
  }
}
