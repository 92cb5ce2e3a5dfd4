package io.sealift.registries;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.ImageException;
import io.sealift.failure.PolicyRefusedException;
import io.sealift.oci.Reference;
import io.sealift.source.Place;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.RegistryRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every reference is looked for where the real skopeo looks for it, in the same order, but for
/// what is known to be otherwise. All locations are paths of one server that has no image and
/// writes down what it is asked for; it is the proxy for other hosts too, so that nothing leaves
/// this machine.
@Tag("peers")
class SkopeoPlacesTest {

  /// References of all kinds, asked of every configuration.
  private static final List<String> REFERENCES =
      List.of(
          "registry.invalid/app",
          "registry.invalid/app:v1",
          "registry.invalid/app@DIGEST",
          "registry.invalid/ns/app:v1",
          "registry.invalid/ns/deep/app:v1",
          "registry.invalid/ns/deep/app@DIGEST",
          "registry.invalid/ns-other/app:v1",
          "registry.invalid/nsapp:v1",
          "registry.invalid:5000/app:v1",
          "registry.invalid:5000/ns/app@DIGEST",
          "myregistry.invalid/ns/app:v1",
          "registry.invalid.other.invalid/ns/app:v1",
          "other.invalid/registry.invalid/ns/app:v1",
          "sub.registry.invalid/app:v1",
          "sub.registry.invalid/ns/app@DIGEST",
          "a.b.sub.registry.invalid/app:v1",
          "b.sub.registry.invalid/app:v1",
          "sub.registry.invalid:5000/app:v1",
          "docker.io/library/busybox:v1",
          "busybox:v1",
          "docker.io/ns/app:v1",
          "127.0.0.1:1/ns/app:v1");

  /// What differs on purpose: the configuration and the reference, and why.
  private static final Map<String, String> KNOWN_DIFFERENCES = new LinkedHashMap<>();

  static {
    String port = "a prefix without a port says nothing about a host with one";
    for (String name : List.of("plain", "mirrors", "same prefix twice")) {
      differs(name, "registry.invalid:5000/app:v1", port);
      differs(name, "registry.invalid:5000/ns/app@DIGEST", port);
    }
    for (String name : List.of("wildcards", "wildcard and host", "wildcard without location")) {
      differs(name, "sub.registry.invalid:5000/app:v1", port);
    }
    differs(
        "as long",
        "b.sub.registry.invalid/app:v1",
        "of two prefixes as long the one without a wildcard is closer");
    differs(
        "tag in the prefix", "registry.invalid/app:v1", "a prefix may have a tag, as documented");
    for (String text : List.of("ns/app:v1", "ns/deep/app:v1", "ns/deep/app@DIGEST")) {
      differs(
          "blocked mirror",
          "registry.invalid/" + text,
          "a mirror that is blocked is a contradiction, and is not left out silently");
    }
  }

  private static void differs(String configuration, String reference, String why) {
    KNOWN_DIFFERENCES.put(configuration + " " + reference, why);
  }

  @TempDir Path directory;

  private final InProcessRegistry server = InProcessRegistry.start();

  @AfterEach
  void stop() {
    server.close();
  }

  static Map<String, String> configurations() {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("nothing", "");
    all.put("plain", registry("registry.invalid", "plain"));
    all.put("port", registry("registry.invalid:5000", "ported"));
    all.put(
        "namespaces",
        registry("registry.invalid/ns", "ns")
            + registry("registry.invalid/ns/deep", "deep")
            + registry("registry.invalid/ns/deep/app", "repository"));
    all.put(
        "mirrors",
        registry("registry.invalid", "primary")
            + mirror("first", "")
            + mirror("second/more", "")
            + mirror("third", "all"));
    all.put(
        "digest only",
        registry("registry.invalid/ns", "primary")
            + "mirror-by-digest-only = true\n"
            + mirror("first", "")
            + mirror("second", ""));
    all.put(
        "per mirror",
        registry("registry.invalid/app", "primary")
            + mirror("tags", "tag-only")
            + mirror("digests", "digest-only")
            + mirror("both", "all")
            + mirror("unsaid", ""));
    all.put(
        "wildcards",
        registry("*.registry.invalid", "wild") + registry("*.sub.registry.invalid", "wilder"));
    all.put(
        "wildcard and host",
        registry("*.registry.invalid", "wild")
            + mirror("wild-mirror", "")
            + registry("sub.registry.invalid", "exact"));
    all.put(
        "wildcard without location",
        "[[registry]]\nprefix = \"*.registry.invalid\"\ninsecure = false\n" + mirror("first", ""));
    all.put(
        "hub",
        registry("docker.io", "hub") + registry("docker.io/library", "official") + mirror("m", ""));
    all.put(
        "same prefix twice",
        registry("registry.invalid", "one") + registry("registry.invalid", "two"));
    all.put(
        "as long",
        registry("*.sub.registry.invalid", "wild") + registry("b.sub.registry.invalid", "exact"));
    all.put("tag in the prefix", registry("registry.invalid/app:v1", "tagged:v2"));
    all.put(
        "blocked",
        """
        [[registry]]
        location = "registry.invalid"
        blocked = true
        [[registry]]
        prefix = "*.registry.invalid"
        blocked = true
        """);
    all.put(
        "blocked mirror",
        registry("registry.invalid/ns", "primary")
            + mirror("evil", "")
            + registry("SERVER/evil", "evil")
            + "blocked = true\n");
    all.put("address", registry("127.0.0.1:1", "address") + mirror("mirror", "digest-only"));
    return all;
  }

  private static String registry(String prefix, String location) {
    return "[[registry]]\nprefix = \"%s\"\nlocation = \"SERVER/%s\"\ninsecure = true\n"
        .formatted(prefix, location);
  }

  private static String mirror(String location, String use) {
    return "[[registry.mirror]]\nlocation = \"SERVER/%s\"\ninsecure = true\n".formatted(location)
        + (use.isEmpty() ? "" : "pull-from-mirror = \"%s\"\n".formatted(use));
  }

  static Set<String> names() {
    return configurations().keySet();
  }

  @ParameterizedTest
  @MethodSource("names")
  void looksWhereSkopeoLooks(String name) throws Exception {
    String toml =
        Objects.requireNonNull(configurations().get(name)).replace("SERVER", server.address());
    Path file = Files.writeString(directory.resolve("registries.conf"), toml);
    RegistriesConf conf = RegistriesConf.read(List.of(file), null);
    Set<String> different = new TreeSet<>();
    List<String> wrong = new ArrayList<>();
    for (String text : REFERENCES) {
      String key = name + " " + text;
      List<String> ours = ours(conf, text.replace("DIGEST", "sha256:" + "1f".repeat(32)));
      List<String> theirs = theirs(file, text.replace("DIGEST", "sha256:" + "1f".repeat(32)));
      if (!ours.equals(theirs)) {
        different.add(key);
        if (!KNOWN_DIFFERENCES.containsKey(key)) {
          wrong.add("%s: ours %s, skopeo's %s".formatted(text, ours, theirs));
        }
      }
    }
    assertEquals(List.of(), wrong);
    Set<String> expected = new TreeSet<>(KNOWN_DIFFERENCES.keySet());
    expected.removeIf(key -> REFERENCES.stream().noneMatch(one -> key.equals(name + " " + one)));
    assertEquals(expected, different, "a difference that there is no more");
  }

  private List<String> ours(RegistriesConf conf, String text) throws ImageException {
    try {
      return places(conf, text);
    } catch (PolicyRefusedException blocked) {
      return List.of("refused");
    }
  }

  private List<String> places(RegistriesConf conf, String text) throws ImageException {
    return conf.of(Reference.parse(text)).stream().map(this::line).toList();
  }

  /// A place of the server is its path and the image; of any other host only the host is seen.
  private String line(Place place) {
    String where = place.where();
    String here = server.address() + "/";
    if (where.startsWith(here)) {
      Reference reference = ((Place.Repository) place).reference();
      return reference.path() + "/manifests/" + reference.tagOrDigest();
    }
    String host = where.substring(0, where.indexOf('/'));
    return host.equals("docker.io") ? "registry-1.docker.io" : host.replaceFirst(":\\d+$", "");
  }

  /// @param file of settings; null for those in the usual places
  private List<String> theirs(@Nullable Path file, String text) throws Exception {
    int before = server.requests().size();
    Path said = directory.resolve("said");
    List<String> command = new ArrayList<>(List.of("skopeo"));
    if (file != null) {
      command.add("--registries-conf=" + file);
    }
    command.addAll(List.of("inspect", "--raw", "--no-creds", "docker://" + text));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
    builder.environment().put("HTTPS_PROXY", server.url());
    builder.environment().put("HTTP_PROXY", server.url());
    builder.environment().put("HOME", directory.toString());
    assertEquals(1, builder.start().waitFor(), "skopeo finds nothing");
    List<String> lines = new ArrayList<>();
    for (RegistryRequest request : server.requests().subList(before, server.requests().size())) {
      String target = request.target();
      if (request.method().equals("CONNECT")) {
        add(lines, target.replaceFirst(":\\d+$", ""));
      } else if (target.contains("/manifests/")) {
        add(lines, target.substring("/v2/".length()));
      }
    }
    String output = Files.readString(said, StandardCharsets.UTF_8);
    if (lines.isEmpty() && output.contains("127.0.0.1:1/v2/")) {
      lines.add("127.0.0.1"); // no proxy is asked for an address of this machine
    }
    if (lines.isEmpty() && output.contains(" is blocked in ")) {
      lines.add("refused");
    }
    return lines;
  }

  private static void add(List<String> lines, String line) {
    if (lines.isEmpty() || !lines.getLast().equals(line)) {
      lines.add(line);
    }
  }

  /// Of tables with the same prefix the one of the last file counts, as a whole.
  @Test
  void filesBesideAreTakenTogetherAsSkopeoDoes() throws Exception {
    write("registries.conf", registry("registry.invalid", "base") + mirror("gone", ""));
    write("registries.conf.d/10.conf", registry("registry.invalid/ns", "ten") + mirror("m", ""));
    write("registries.conf.d/20.conf", registry("registry.invalid", "twenty"));
    write("registries.conf.d/30.conf", registry("registry.invalid/ns/deep", "thirty"));
    write("registries.conf.d/05.conf", registry("registry.invalid/ns/deep", "five"));
    write("registries.conf.d/40.text", registry("registry.invalid", "forty"));
    RegistriesConf conf =
        RegistriesConf.read(SettingsFiles.usual(directory, directory.resolve("none")), null);
    Map<String, List<String>> expected =
        Map.of(
            "registry.invalid/app:v1", List.of("twenty/app/manifests/v1"),
            "registry.invalid/ns/app:v1", List.of("m/app/manifests/v1", "ten/app/manifests/v1"),
            "registry.invalid/ns/deep/app:v1", List.of("thirty/app/manifests/v1"));
    for (Map.Entry<String, List<String>> one : expected.entrySet()) {
      assertEquals(one.getValue(), ours(conf, one.getKey()));
      assertEquals(one.getValue(), theirs(null, one.getKey()));
    }
  }

  private void write(String name, String toml) throws Exception {
    Path file = directory.resolve(".config/containers").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, toml.replace("SERVER", server.address()));
  }

  @Test
  void thereAreEnoughOfThem() {
    assertTrue(configurations().size() * REFERENCES.size() >= 200);
  }
}
