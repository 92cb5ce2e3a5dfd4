package io.sealift.keyprovider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.BadReferenceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProviderConfigTest {

  @TempDir private Path dir;

  private Path file(String json) throws Exception {
    return Files.writeString(dir.resolve("ocicrypt.json"), json.replace('\'', '"'));
  }

  private Map<String, Transport> read(String json) throws Exception {
    return ProviderConfig.read(file(json));
  }

  @Test
  void readsEveryTransport() throws Exception {
    Map<String, Transport> providers =
        read(
            "{'key-providers':{"
                + "'a':{'cmd':{'path':'/usr/bin/a','args':['x','y z']}},"
                + "'b':{'cmd':{'path':'b'}},"
                + "'c':{'grpc':'localhost:50000'},"
                + "'d':{'grpc':'http://127.0.0.1:1'},"
                + "'e':{'grpc':'tcp://[::1]:65535'},"
                + "'f':{'ttrpc':'unix:///run/cdh.sock'}}}");
    assertEquals(List.of("a", "b", "c", "d", "e", "f"), List.copyOf(providers.keySet()));
    assertEquals(new CommandTransport("/usr/bin/a", List.of("x", "y z")), providers.get("a"));
    assertEquals(new CommandTransport("b", List.of()), providers.get("b"));
    assertEquals("localhost:50000", String.valueOf(providers.get("c")));
    assertEquals("127.0.0.1:1", String.valueOf(providers.get("d")));
    assertEquals("::1:65535", String.valueOf(providers.get("e")));
    assertEquals(new TtrpcTransport(Path.of("/run/cdh.sock")), providers.get("f"));
  }

  @Test
  void takesCommandBeforeGrpcBeforeTtrpcBeforeNative() throws Exception {
    String rest = "'ttrpc':'unix:///s','native':'x'";
    Map<String, Transport> providers =
        read(
            "{'key-providers':{'a':{'grpc':'h:1','cmd':{'path':'p'},%s},'b':{%s,'grpc':'h:1'},'c':{%s}}}"
                .formatted(rest, rest, rest));
    assertInstanceOf(CommandTransport.class, providers.get("a"));
    assertInstanceOf(GrpcTransport.class, providers.get("b"));
    assertInstanceOf(TtrpcTransport.class, providers.get("c"));
  }

  @Test
  void readsTls() throws Exception {
    Map<String, Transport> providers =
        read(
            "{'key-providers':{'a':{'grpc':'h:1','grpc-tls':{'server-name':'n','insecure-skip-verify':true}},'b':{'grpc':'h:1','grpc-tls':{}}}}");
    assertEquals("n", assertInstanceOf(GrpcTransport.class, providers.get("a")).serverName());
    assertEquals(null, assertInstanceOf(GrpcTransport.class, providers.get("b")).serverName());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          [] | read FILE: expected a JSON object
          {} | read FILE: /key-providers: expected a value, found none
          {'key-providers':[]} | read FILE: /key-providers: expected an object, found an array
          {'key-providers':{},'keyproviders':{}} | read key providers FILE: keyproviders: nothing of this name is known, expected one of key-providers
          {'key-providers':{'a':'x'}} | read FILE: /key-providers/a: expected an object, found a string
          {'key-providers':{'a':{}}} | read key providers FILE: key-providers/a: it names no transport, expected one of cmd, grpc, ttrpc
          {'key-providers':{'a':{'path':'/bin/x'}}} | read key providers FILE: key-providers/a/path: nothing of this name is known, expected one of cmd, grpc, grpc-tls, native, ttrpc
          {'key-providers':{'a':{'http':'x'}}} | read key providers FILE: key-providers/a/http: nothing of this name is known, expected one of cmd, grpc, grpc-tls, native, ttrpc
          {'key-providers':{'a':{'cmd':'x'}}} | read FILE: /key-providers/a/cmd: expected an object, found a string
          {'key-providers':{'a':{'cmd':{}}}} | read FILE: /key-providers/a/cmd/path: expected a value, found none
          {'key-providers':{'a':{'cmd':{'path':''}}}} | read key providers FILE: key-providers/a/cmd/path: it is empty, expected a program
          {'key-providers':{'a':{'cmd':{'path':'x','arg':[]}}}} | read key providers FILE: key-providers/a/cmd/arg: nothing of this name is known, expected one of args, path
          {'key-providers':{'a':{'cmd':{'path':'x','args':[1]}}}} | read FILE: /key-providers/a/cmd/args/0: expected a string, found a number
          {'key-providers':{'a':{'grpc':'localhost'}}} | read key providers FILE: key-providers/a: 'localhost' is no address, expected HOST:PORT
          {'key-providers':{'a':{'grpc':'localhost:0'}}} | read key providers FILE: key-providers/a: 'localhost:0' is no address, expected HOST:PORT
          {'key-providers':{'a':{'grpc':'localhost:65536'}}} | read key providers FILE: key-providers/a: 'localhost:65536' is no address, expected HOST:PORT
          {'key-providers':{'a':{'grpc':'unix:///x'}}} | read key providers FILE: key-providers/a: 'unix:///x' is no address, expected HOST:PORT
          {'key-providers':{'a':{'grpc':'https://h:1'}}} | read key providers FILE: key-providers/a: 'https://h:1' is no address, expected HOST:PORT
          {'key-providers':{'a':{'grpc':'h:1','grpc-tls':{'ca':'x'}}}} | read key providers FILE: key-providers/a/grpc-tls/ca: nothing of this name is known, expected one of cert-file, insecure-skip-verify, key-file, root-ca-file, server-name
          {'key-providers':{'a':{'grpc':'h:1','grpc-tls':{'cert-file':'x'}}}} | read key providers FILE: key-providers/a/grpc-tls: java.lang.IllegalArgumentException: cert-file and key-file need each other
          {'key-providers':{'a':{'grpc':'h:1','grpc-tls':{'root-ca-file':'/none'}}}} | read key providers FILE: key-providers/a/grpc-tls: java.io.FileNotFoundException: /none (No such file or directory)
          {'key-providers':{'a':{'ttrpc':'/run/cdh.sock'}}} | read key providers FILE: key-providers/a: '/run/cdh.sock' is no address of a Unix socket, expected unix:///PATH
          {'key-providers':{'a':{'ttrpc':'unix://x'}}} | read key providers FILE: key-providers/a: 'unix://x' is no address of a Unix socket, expected unix:///PATH
          {'key-providers':{'a':{'ttrpc':'vsock://2:1'}}} | read key providers FILE: key-providers/a: 'vsock://2:1' is no address of a Unix socket, expected unix:///PATH
          {'key-providers':{'a':{'native':'x'}}} | read key providers FILE: key-providers/a/native: native providers are part of ocicrypt's library for Rust and not of this program; use cmd, grpc or ttrpc
          """)
  void saysWhatIsWrongAndWhere(String json, String message) throws Exception {
    Path file = file(json);
    BadReferenceException refused =
        assertThrows(BadReferenceException.class, () -> ProviderConfig.read(file));
    assertEquals(message.replace("FILE", file.toString()), refused.getMessage());
  }

  @Test
  void refusesAFileThatIsNotThereOrTooLarge() throws Exception {
    Path none = dir.resolve("none");
    String message =
        assertThrows(BadReferenceException.class, () -> ProviderConfig.read(none)).getMessage();
    assertEquals(
        "read key providers %s: java.nio.file.NoSuchFileException: %s; name a file that can be read"
            .formatted(none, none),
        message);
    Path large = file(" ".repeat((1 << 20) + 1));
    assertEquals(
        "read %s: 1048577 bytes are more than the 1048576 allowed".formatted(large),
        assertThrows(BadReferenceException.class, () -> ProviderConfig.read(large)).getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "provider:, provider",
    "provider, provider",
    "key.pem:pass=secret, key.pem",
    "'', ''",
    "provider::secret, provider",
  })
  void showsNoParametersOfAMalformedDecryptionKey(String key, String shown) throws Exception {
    Path file = file("{'key-providers':{'a':{'ttrpc':'unix:///s'}}}");
    assertEquals(
        "decryption key '%s': expected provider:NAME[:PARAMETERS]".formatted(shown),
        assertThrows(BadReferenceException.class, () -> ProviderKeys.read(file, List.of(key)))
            .getMessage());
  }

  @Test
  void refusesParametersForAProviderThatIsNotThere() throws Exception {
    Path file = file("{'key-providers':{'a':{'ttrpc':'unix:///s'}}}");
    assertEquals(
        "decryption key provider:b: %s has no key provider of this name, expected one of [a]"
            .formatted(file),
        assertThrows(
                BadReferenceException.class,
                () -> ProviderKeys.read(file, List.of("provider:b:secret")))
            .getMessage());
  }

  @Test
  void knowsItsProvidersByTheirExactNames() throws Exception {
    ProviderKeys keys =
        ProviderKeys.read(file("{'key-providers':{'a':{'ttrpc':'unix:///s'}}}"), List.of());
    assertTrue(keys.knows("provider.a"));
    assertFalse(keys.knows("provider.A"));
    assertFalse(keys.knows("provider."));
    assertFalse(keys.knows("provider.ab"));
    assertFalse(keys.knows("a"));
    assertFalse(keys.knows("jwe"));
  }
}
