package io.sealift.cli;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.sealift.oci.Digest;
import io.sealift.policy.Admitted;
import io.sealift.source.Resolved;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The rules of ARCHITECTURE.md, kept by looking at the compiled classes.
class ArchitectureTest {

  /// Which package of `core` may know which others: the way of an image, from its end to its
  /// beginning. What stands here and is not used any more fails as well.
  private static final Map<String, Set<String>> EDGES =
      Map.ofEntries(
          Map.entry(
              "pull",
              Set.of(
                  "browse",
                  "bundle",
                  "codec",
                  "crypt",
                  "failure",
                  "oci",
                  "policy",
                  "snapshot",
                  "source",
                  "store",
                  "unpack",
                  "verify")),
          Map.entry(
              "bundle", Set.of("failure", "json", "oci", "policy", "snapshot", "source", "unpack")),
          Map.entry("browse", Set.of("failure", "json", "tar", "unpack")),
          Map.entry(
              "store",
              Set.of("failure", "json", "oci", "policy", "snapshot", "source", "unpack", "verify")),
          Map.entry("snapshot", Set.of("failure", "unpack")),
          Map.entry("unpack", Set.of("failure", "tar")),
          Map.entry("tar", Set.of("failure")),
          Map.entry("policy", Set.of("failure", "json", "oci", "secret", "source", "verify")),
          Map.entry("policyfile", Set.of("failure", "json", "oci", "policy", "secret")),
          Map.entry("secret", Set.of("failure")),
          Map.entry("source", Set.of("failure", "json", "oci", "tar", "verify")),
          Map.entry("verify", Set.of("failure", "oci")),
          Map.entry("crypt", Set.of("failure", "json", "oci", "verify")),
          Map.entry("codec", Set.of("failure")),
          Map.entry("oci", Set.of("codec", "failure", "json")),
          Map.entry("json", Set.of("failure")),
          Map.entry("failure", Set.of()));

  private static final Set<String> ROOMS_WITH_SOCKETS =
      Set.of(
          "io.sealift.keyprovider..",
          "io.sealift.registry..",
          "io.sealift.service..",
          "io.sealift.testing..",
          "io.sealift.wire..");

  private static final JavaClasses SEALIFT =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.sealift");

  static Stream<ArchRule> rules() {
    return Stream.of(
        slices().matching("io.sealift.(*)..").should().beFreeOfCycles(),
        noClasses()
            .that()
            .resideOutsideOfPackages("io.sealift.linux..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.lang.foreign..")
            .because("native access is the privilege of one module"),
        noClasses()
            .that()
            .resideOutsideOfPackages(ROOMS_WITH_SOCKETS.toArray(String[]::new))
            .should()
            .dependOnClassesThat(
                resideInAnyPackage("javax.net..", "com.sun.net..")
                    .or(name("java.net.Socket"))
                    .or(name("java.net.ServerSocket"))
                    .or(name("java.net.HttpURLConnection"))
                    .or(name("java.net.URLConnection"))
                    .or(name("java.nio.channels.SocketChannel")))
            .because("only those who speak to a registry or a service have sockets"),
        noClasses()
            .that()
            .resideInAnyPackage("io.sealift.unpack..", "io.sealift.tar..")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.nio.file.Files")
            .because("what a layer is written into is the sink's affair"),
        onlyMakes(Admitted.class, "io.sealift.policy.."),
        onlyMakes(Resolved.class, "io.sealift.source.."),
        noClasses()
            .that()
            .resideOutsideOfPackages("io.sealift.verify..", "io.sealift.oci..")
            .should()
            .callMethod(Digest.class, "equals", Object.class)
            .because("digests are compared where the bytes are"),
        noClasses()
            .should()
            .haveNameMatching(".*(Utils?|Helper|Manager|Impl|Common)")
            .because("such a name says nothing"));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void keeps(ArchRule rule) {
    rule.check(SEALIFT);
  }

  private static ArchRule onlyMakes(Class<?> made, String maker) {
    return noClasses()
        .that()
        .resideOutsideOfPackages(maker)
        .should()
        .callCodeUnitWhere(
            target(owner(name(made.getName()))).and(target(name("<init>"))).and(alwaysTrue()))
        .because(made.getSimpleName() + " is evidence that only one step can make");
  }

  @Test
  void packagesOfCoreKnowEachOtherAsTheTableSays() {
    Map<String, Set<String>> found = new TreeMap<>();
    for (String name : EDGES.keySet()) {
      found.put(name, neighbours(name));
    }
    Map<String, Set<String>> expected = new TreeMap<>();
    EDGES.forEach((name, edges) -> expected.put(name, new TreeSet<>(edges)));
    assertEquals(expected, found);
  }

  private static Set<String> neighbours(String name) {
    return SEALIFT.that(resideInAPackage("io.sealift." + name)).stream()
        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
        .map(dependency -> dependency.getTargetClass().getBaseComponentType())
        .filter(type -> type.getPackageName().startsWith("io.sealift."))
        .map(ArchitectureTest::shortPackage)
        .filter(other -> !other.equals(name))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String shortPackage(JavaClass type) {
    return type.getPackageName().substring("io.sealift.".length());
  }
}
