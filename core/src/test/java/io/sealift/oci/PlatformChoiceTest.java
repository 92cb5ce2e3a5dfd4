package io.sealift.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlatformChoiceTest {

  /// Entries by a word each: a platform, `-` for none, `@` before a nested index, `!` before an
  /// attestation, `?` before another type.
  private static Index index(String words) {
    List<Descriptor> entries = new ArrayList<>();
    for (String word : words.split(" ", -1)) {
      char kind = word.charAt(0);
      String platform = "@!?".indexOf(kind) < 0 ? word : word.substring(1);
      String[] parts = platform.split("/", -1);
      entries.add(
          new Descriptor(
              kind == '@' ? MediaType.OCI_INDEX : MediaType.OCI_MANIFEST,
              new Digest(DigestAlgorithm.SHA256, "%064d".formatted(entries.size())),
              2,
              List.of(),
              kind == '!' ? Map.of("vnd.docker.reference.type", "attestation-manifest") : Map.of(),
              null,
              platform.equals("-")
                  ? null
                  : new Platform(parts[0], parts[1], parts.length > 2 ? parts[2] : null),
              null));
    }
    return new Index(MediaType.OCI_INDEX, entries, Map.of());
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          linux/amd64,    linux/amd64 linux/arm64,                     0
          linux/amd64,    linux/arm64 linux/amd64,                     1
          linux/amd64,    linux/arm64 linux/s390x,                    -1
          linux/amd64,    windows/amd64 linux/amd64,                   1
          linux/amd64,    windows/amd64,                              -1
          linux/amd64,    linux/amd64 linux/amd64,                     0
          linux/amd64,    linux/x86_64,                                0
          linux/amd64,    linux/386,                                  -1
          linux/amd64,    linux/amd64/v3,                             -1
          linux/amd64,    linux/amd64/v1,                              0
          linux/amd64/v3, linux/amd64 linux/amd64/v2 linux/amd64/v4,   1
          linux/amd64/v3, linux/amd64 linux/amd64/v4,                  0
          linux/amd64/v3, linux/amd64/v4,                             -1
          linux/amd64/v4, linux/amd64/v2 linux/amd64/v3,               1
          linux/arm64,    linux/arm64/v8,                              0
          linux/arm64,    linux/arm/v8,                               -1
          linux/arm64/v9, linux/arm64 linux/arm64/v9,                  1
          linux/arm64/v9, linux/arm64/v8,                              0
          linux/arm64/v9.2, linux/arm64/v9 linux/arm64,                0
          linux/arm64/v8.1, linux/arm64/v9 linux/arm64,                1
          linux/arm,      linux/arm/v5 linux/arm/v6 linux/arm/v7,      2
          linux/arm/v7,   linux/arm/v5 linux/arm/v6 linux/arm/v8,      1
          linux/arm/v6,   linux/arm/v7 linux/arm/v5,                   1
          linux/arm/v6,   linux/arm/v7,                               -1
          linux/arm/v6,   linux/arm,                                  -1
          linux/arm/v6,   linux/armel,                                 0
          linux/arm/v7,   linux/armhf,                                 0
          linux/riscv64/rva20u64, linux/riscv64,                       0
          linux/riscv64,  linux/riscv64,                               0
          linux/amd64,    !linux/amd64 linux/amd64,                    1
          linux/amd64,    unknown/unknown linux/amd64,                 1
          linux/amd64,    !unknown/unknown,                           -1
          linux/amd64,    -,                                           0
          linux/amd64,    - -,                                        -1
          linux/amd64,    - unknown/unknown,                           0
          linux/amd64,    - linux/arm64,                              -1
          linux/amd64,    - linux/amd64,                               1
          linux/amd64,    @-,                                          0
          linux/amd64,    linux/arm64 @-,                              1
          linux/amd64,    @linux/amd64,                                0
          """)
  void choosesTheBest(String wanted, String entries, int place) throws Exception {
    Index index = index(entries);
    assertEquals(
        place,
        PlatformChoice.choose(index, Platform.parse(wanted))
            .map(chosen -> index.manifests().indexOf(chosen))
            .orElse(-1));
  }

  @ParameterizedTest
  @CsvSource({
    "linux/arm64 windows/amd64, 'linux/arm64, windows/amd64'",
    "linux/arm64 linux/arm64, linux/arm64",
    "unknown/unknown, none at all",
    "- linux/arm, 'one without a platform, linux/arm/v7'",
  })
  void saysWhatThereIs(String entries, String words) {
    assertEquals(words, PlatformChoice.offered(index(entries)));
  }

  @ParameterizedTest
  @CsvSource({
    "linux/x86-64, linux/amd64",
    "Linux/AMD64/V2, linux/amd64/v2",
    "linux/aarch64/8, linux/arm64",
    "linux/arm64/9, linux/arm64/v9",
    "linux/i686, linux/386",
    "linux/80386, linux/386",
    "linux/armhf, linux/arm/v7",
    "linux/armel, linux/arm/v6",
    "linux/arm, linux/arm/v7",
    "linux/arm/5, linux/arm/v5",
    "linux/amd64/v1, linux/amd64",
    "s390x, linux/s390x",
    "aarch64, linux/arm64",
  })
  void normalises(String given, String normal) throws Exception {
    assertEquals(normal, Platform.parse(given).toString());
  }

  @ParameterizedTest
  @CsvSource({"''", "linux/", "/amd64", "linux//v8", "linux/arm/v7/x"})
  void refusesWhatIsNoPlatform(String text) {
    assertEquals(
        "read platform '%s': expected os/architecture[/variant], such as linux/arm64"
            .formatted(text),
        org.junit.jupiter.api.Assertions.assertThrows(
                io.sealift.failure.BadReferenceException.class, () -> Platform.parse(text))
            .getMessage());
  }

  @ParameterizedTest
  @CsvSource({"25, 20"})
  void namesNoMoreThanTwenty(int offered, int named) {
    String many =
        java.util.stream.IntStream.range(0, offered)
            .mapToObj(n -> "linux/p" + n)
            .collect(Collectors.joining(" "));
    assertEquals(named, PlatformChoice.offered(index(many)).split(", ", -1).length);
  }
}
