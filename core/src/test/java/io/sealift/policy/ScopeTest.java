package io.sealift.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sealift.oci.ImageName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScopeTest {

  private static final String DIGEST =
      "@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          example.com/ns/repo:t     | example.com/ns/repo:t example.com/ns/repo example.com/ns example.com *.com
          example.com/repo:t        | example.com/repo:t example.com/repo example.com *.com
          example.com/repo@D        | example.com/repo@D example.com/repo example.com *.com
          example.com/repo:t@D      | example.com/repo@D example.com/repo example.com *.com
          example.com/repo          | example.com/repo:latest example.com/repo example.com *.com
          localhost/ns/repo:t       | localhost/ns/repo:t localhost/ns/repo localhost/ns localhost
          localhost/repo:t          | localhost/repo:t localhost/repo localhost
          notlocalhost/repo:t       | docker.io/notlocalhost/repo:t docker.io/notlocalhost/repo docker.io/notlocalhost docker.io *.io
          repo                      | docker.io/library/repo:latest docker.io/library/repo docker.io/library docker.io *.io
          index.docker.io/repo:t    | docker.io/library/repo:t docker.io/library/repo docker.io/library docker.io *.io
          a.b.example.com:8443/ns/repo:t | a.b.example.com:8443/ns/repo:t a.b.example.com:8443/ns/repo a.b.example.com:8443/ns a.b.example.com:8443 *.b.example.com *.example.com *.com
          localhost:5000/repo:t     | localhost:5000/repo:t localhost:5000/repo localhost:5000
          [::1]:5000/repo:t         | [::1]:5000/repo:t [::1]:5000/repo [::1]:5000
          10.0.0.1/repo:t           | 10.0.0.1/repo:t 10.0.0.1/repo 10.0.0.1 *.0.0.1 *.0.1 *.1
          """)
  void asksFromTheMostParticularKeyToTheLeast(String name, String keys) throws Exception {
    assertEquals(
        Arrays.asList((keys.replace("@D", DIGEST) + " /").split(" ")).stream()
            .map(key -> key.equals("/") ? "" : key)
            .toList(),
        ScopeKeys.of(ImageName.parse(name.replace("@D", DIGEST))).keys());
  }

  /// Each scope demands a type of its own name, so that the choice can be told.
  private static Policy policy(String... scopes) {
    Map<String, Map<String, List<Requirement>>> transports = new LinkedHashMap<>();
    for (String scope : scopes) {
      int colon = scope.indexOf(':');
      transports
          .computeIfAbsent(scope.substring(0, colon), _ -> new LinkedHashMap<>())
          .put(
              scope.substring(colon + 1),
              List.of(new Requirement.Unchecked(scope, "these scopes")));
    }
    return new Policy("p.json", List.of(new Requirement.Reject()), transports, null);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          deep.com/n1/n2/n3/repo:tag2        | docker:deep.com/n1/n2/n3/repo:tag2
          deep.com/n1/n2/n3/repo:other       | docker:deep.com/n1/n2/n3/repo
          deep.com/n1/n2/n3/repo:tag2@D      | docker:deep.com/n1/n2/n3/repo
          deep.com/n1/n2/n3/repo2:tag2       | docker:deep.com/n1/n2/n3
          deep.com/n1/n2/n33/repo:tag2       | docker:deep.com/n1/n2
          deep.com/n1/n22/n3/repo:tag2       | docker:deep.com/n1
          deep.com/n11/n2/n3/repo:tag2       | docker:deep.com
          very.deep.com/n1/repo:t            | docker:*.deep.com
          not.very.deep.com:5000/n1/repo:t   | docker:*.very.deep.com
          deep.com:5000/n1/repo:t            | docker:
          mydeep.com/n1/repo:t               | docker:
          deep.com.evil.example/n1/repo:t    | docker:
          evil.example/deep.com/n1/repo:t    | docker:
          other.example/repo:t               | docker:
          """)
  void theFirstScopeDecidesAlone(String name, String scope) throws Exception {
    Policy policy =
        policy(
            "docker:",
            "docker:unmatched",
            "docker:deep.com",
            "docker:*.very.deep.com",
            "docker:*.deep.com",
            "docker:deep.com/n1",
            "docker:deep.com/n1/n2",
            "docker:deep.com/n1/n2/n3",
            "docker:deep.com/n1/n2/n3/repo",
            "docker:deep.com/n1/n2/n3/repo:tag2",
            "atomic:deep.com");
    Policy.Choice choice = policy.choose(ImageName.parse(name.replace("@D", DIGEST)));
    assertEquals(scope, choice.scope().toString());
    assertEquals(scope, choice.asked().getLast().toString());
    assertEquals(scope, choice.requirements().getFirst().type());
  }

  @ParameterizedTest
  @CsvSource({
    "deep.com/repo:t, docker:elsewhere.example",
    "deep.com/repo:t, atomic:deep.com",
    "deep.com/repo:t, oci:",
    "oci:/nowhere,    docker:"
  })
  void whereNoScopeSpeaksOfItTheDefaultDecides(String name, String scope) throws Exception {
    Policy.Choice choice = policy(scope).choose(ImageName.parse(name));
    assertEquals(Scope.DEFAULT, choice.scope());
    assertEquals("/default", choice.scope().pointer());
    assertEquals(List.of(new Requirement.Reject()), choice.requirements());
  }

  @Test
  void layoutsAreKnownByThePlaceWhereTheyLie() throws Exception {
    Path images = Files.createDirectories(directory.resolve("images/app")).toRealPath();
    Files.createSymbolicLink(directory.resolve("link"), images);
    Path archive = Files.writeString(images.resolve("app.tar"), "");
    for (String name :
        List.of(
            "oci:" + images,
            "oci:" + images + ":v1",
            "oci:" + directory.resolve("link"),
            "oci:" + directory.resolve("link/../app") + ":v1")) {
      assertEquals(images.toString(), keys(name).getFirst(), name);
      assertEquals("", keys(name).getLast(), name);
      assertEquals("/" + images.getName(0), keys(name).get(images.getNameCount() - 1), name);
    }
    assertEquals(
        List.of(archive.toString(), images.toString()),
        keys("oci-archive:" + directory.resolve("link/app.tar") + ":v1").subList(0, 2));
    assertEquals(
        List.of(images.resolve("none/here").toString(), images.resolve("none").toString()),
        keys("oci:" + directory.resolve("link/none/here")).subList(0, 2));
  }

  private static List<String> keys(String name) throws Exception {
    return ScopeKeys.of(ImageName.parse(name)).keys();
  }

  @Test
  void aLayoutIsAskedAboutByItsOwnTransport() throws Exception {
    Path images = Files.createDirectories(directory.resolve("a/b")).toRealPath();
    Policy policy =
        policy("oci:" + images.getParent(), "oci-archive:" + images, "docker:" + images);
    assertEquals(
        "oci:" + images.getParent(),
        policy.choose(ImageName.parse("oci:" + images)).scope().toString());
    assertEquals(
        "oci-archive:" + images,
        policy.choose(ImageName.parse("oci-archive:" + images + ":v1")).scope().toString());
  }

  @Test
  void pointersEscapeWhatKeysHold() {
    assertEquals("/transports/docker/a.example~1b", new Scope("docker", "a.example/b").pointer());
    assertEquals("/transports/docker/", new Scope("docker", "").pointer());
    assertEquals("/transports/~0~1/x", new Scope("~/", "x").pointer());
  }

  @Test
  void everyScopeIsListedInTheOrderOfTheFile() {
    assertEquals(
        "default, docker:b, docker:a, oci:/x",
        policy("docker:b", "docker:a", "oci:/x").scopes().keySet().stream()
            .map(Scope::toString)
            .collect(Collectors.joining(", ")));
  }
}
