package io.sealift.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.AuthenticationException;
import io.sealift.failure.ImageException;
import io.sealift.failure.TransferException;
import io.sealift.oci.Descriptor;
import io.sealift.oci.MediaType;
import io.sealift.oci.Reference;
import io.sealift.source.ImageSource;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.Fault;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.RegistryRequest;
import io.sealift.testing.TarBuilder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReferrersTest {

  private static final BuiltImage IMAGE =
      new ImageBuilder().layer(new TarBuilder().file("motd", "hello").build()).build();

  private static final String REFERRERS = "/v2/app/referrers/" + IMAGE.digest();

  private static BuiltImage referrer(int number) {
    return new ImageBuilder()
        .manifestMember("artifactType", "application/vnd.example." + number)
        .manifestMember("subject", ImageBuilder.entry(IMAGE, null))
        .annotations(Map.of("number", Integer.toString(number)))
        .build();
  }

  private static InProcessRegistry filled(InProcessRegistry registry, int count) {
    registry.push("app", "v1", IMAGE);
    for (int number = 0; number < count; number++) {
      registry.push("app", referrer(number));
    }
    return registry;
  }

  private static List<Descriptor> list(InProcessRegistry registry, int limit) throws Exception {
    RegistryClient client =
        RegistryClient.builder().plainHttp(true).retries(Retries.none()).build();
    try (ImageSource source = client.open(Reference.parse(registry.name("app", "v1")))) {
      return source.referrers(IMAGE.digest(), limit);
    }
  }

  private static void assertRefused(String reason, InProcessRegistry registry) {
    String message = assertThrows(ImageException.class, () -> list(registry, 10)).getMessage();
    assertTrue(message.contains(reason), message);
  }

  private static List<String> targets(InProcessRegistry registry) {
    return registry.requests().stream().map(RegistryRequest::target).toList();
  }

  private static void tag(InProcessRegistry registry, List<BuiltImage> referrers) {
    List<Map<String, Object>> entries = new ArrayList<>();
    referrers.forEach(referrer -> entries.add(ImageBuilder.entry(referrer, null)));
    registry.push(
        "app", fallbackTag(), ImageBuilder.index(ImageBuilder.Form.OCI, entries, referrers));
  }

  private static String fallbackTag() {
    return "sha256-" + IMAGE.digest().hex();
  }

  @ParameterizedTest
  @CsvSource({"0, 5, 1, 0", "3, 5, 1, 3", "5, 5, 1, 5", "12, 5, 3, 12", "12, 1, 12, 12"})
  void listsEveryPage(int count, int perPage, int pages, int found) throws Exception {
    try (InProcessRegistry registry =
        filled(InProcessRegistry.builder().referrers(perPage).start(), count)) {
      List<Descriptor> listed = list(registry, 100);
      assertEquals(found, listed.size());
      Set<String> types = listed.stream().map(Descriptor::artifactType).collect(Collectors.toSet());
      assertEquals(found, types.size());
      assertEquals(pages, registry.requests().size());
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "5, 1", "6, 2", "11, 3"})
  void asksForNoMorePagesThanAreWanted(int limit, int pages) throws Exception {
    try (InProcessRegistry registry =
        filled(InProcessRegistry.builder().referrers(5).start(), 30)) {
      assertEquals(limit, list(registry, limit).size());
      assertEquals(pages, registry.requests().size());
    }
  }

  @Test
  void asksWithTheTokenOnEveryPage() throws Exception {
    try (InProcessRegistry registry =
        filled(InProcessRegistry.builder().anonymousTokens().referrers(2).start(), 5)) {
      assertEquals(5, list(registry, 100).size());
      List<String> asked = targets(registry);
      assertEquals(REFERRERS + "?from=4", asked.getLast());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 404, 405, 406, 501})
  void asksForTheTagWhereThereIsNoSuchInterface(int status) throws Exception {
    try (InProcessRegistry registry = filled(InProcessRegistry.start(), 0)) {
      registry.plan("/referrers/", Fault.status(status, "no"));
      tag(registry, List.of(referrer(1), referrer(2), referrer(3)));
      assertEquals(List.of(referrer(1).digest(), referrer(2).digest()), digests(list(registry, 2)));
      assertEquals(List.of(REFERRERS, "/v2/app/manifests/" + fallbackTag()), targets(registry));
    }
  }

  private static List<Object> digests(List<Descriptor> descriptors) {
    return descriptors.stream().<Object>map(Descriptor::digest).toList();
  }

  @Test
  void asksForTheTagWhereTheAnswerIsSomethingElse() throws Exception {
    try (InProcessRegistry registry = filled(InProcessRegistry.start(), 0)) {
      registry.plan("/referrers/", Fault.status(200, "<html>welcome</html>"));
      tag(registry, List.of(referrer(1)));
      assertEquals(1, list(registry, 10).size());
    }
  }

  @Test
  void findsNoneWhereThereIsNeither() throws Exception {
    try (InProcessRegistry registry = filled(InProcessRegistry.start(), 0)) {
      assertEquals(List.of(), list(registry, 10));
    }
  }

  @Test
  void findsNoneWhereTheTagIsSomethingElse() throws Exception {
    try (InProcessRegistry registry = filled(InProcessRegistry.start(), 0)) {
      registry.push("app", fallbackTag(), IMAGE);
      assertEquals(List.of(), list(registry, 10));
      registry.push(
          "app", fallbackTag(), BuiltImage.ofDocument(MediaType.OCI_INDEX, new byte[] {'{', '{'}));
      assertEquals(List.of(), list(registry, 10));
    }
  }

  @Test
  void doesNotTakeARefusalForNone() throws Exception {
    try (InProcessRegistry registry = filled(InProcessRegistry.start(), 0)) {
      registry.plan("/referrers/", 1, Fault.error(403, "DENIED", "no"));
      assertThrows(AuthenticationException.class, () -> list(registry, 10));
      registry.plan("/referrers/", 1, Fault.error(500, "UNKNOWN", "broken"));
      assertThrows(TransferException.class, () -> list(registry, 10));
    }
  }

  @Test
  void refusesPagesWithoutEnd() throws Exception {
    try (InProcessRegistry registry = filled(InProcessRegistry.builder().referrers(5).start(), 0)) {
      registry.plan("/referrers/", Fault.header("Link", "<" + REFERRERS + ">; rel=\"next\""));
      assertRefused("more than 100 pages", registry);
      assertEquals(100, registry.requests().size());
    }
  }

  @Test
  void refusesPagesThatAreLongTogether() throws Exception {
    try (InProcessRegistry registry = filled(InProcessRegistry.builder().referrers(1).start(), 0)) {
      for (int number = 0; number < 6; number++) {
        registry.push(
            "app",
            new ImageBuilder()
                .manifestMember("subject", ImageBuilder.entry(IMAGE, null))
                .annotations(Map.of("long", number + "x".repeat(3_500_000)))
                .build());
      }
      assertRefused("bytes allowed", registry);
      assertEquals(5, registry.requests().size(), "17.5 MB are the first above 16 MiB");
    }
  }

  @Test
  void refusesAPageThatIsTooLong() throws Exception {
    try (InProcessRegistry registry = filled(InProcessRegistry.builder().referrers(5).start(), 0)) {
      registry.plan("/referrers/", Fault.body(new byte[(4 << 20) + 1]));
      assertRefused("more than the 4194304 bytes allowed", registry);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://elsewhere.example/v2/", "http://127.0.0.1:1/x", "//other.example/"})
  void doesNotCarryCredentialsToAnotherServer(String next) throws Exception {
    try (InProcessRegistry registry = filled(InProcessRegistry.builder().referrers(5).start(), 1)) {
      registry.plan("/referrers/", Fault.header("Link", "<" + next + ">; rel=\"next\""));
      assertRefused("the next page is said to be on", registry);
      assertEquals(1, registry.requests().size());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "<", "nothing", "</v2/x>", "</v2/x>; rel=prev", "</v2/x>; rel=nextish"})
  void endsWhereNoNextPageIsNamed(String link) throws Exception {
    try (InProcessRegistry registry = filled(InProcessRegistry.builder().referrers(5).start(), 1)) {
      registry.plan("/referrers/", Fault.header("Link", link));
      assertEquals(1, list(registry, 10).size());
      assertEquals(1, registry.requests().size());
    }
  }

  @Test
  void refusesAnIndexThatIsMalformed() throws Exception {
    try (InProcessRegistry registry = filled(InProcessRegistry.builder().referrers(5).start(), 1)) {
      registry.plan(
          "/referrers/", Fault.body("{\"schemaVersion\":2}}".getBytes(StandardCharsets.UTF_8)));
      assertRefused("read manifest: ", registry);
    }
  }
}
