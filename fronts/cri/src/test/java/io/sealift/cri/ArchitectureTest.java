package io.sealift.cri;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.sealift.oci.Digest;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the parts of this front know of each other and of the rest, kept by looking at the compiled
/// classes.
class ArchitectureTest {

  private static final String HERE = "io.sealift.cri";

  /// Which packages each one knows. What stands here and is not used any more fails as well.
  private static final Map<String, Set<String>> EDGES =
      Map.of(
          "",
          Set.of(
              "codec",
              "cri.image",
              "cri.message",
              "crypt",
              "failure",
              "imageconfig",
              "json",
              "jwe",
              "kbs",
              "keyprovider",
              "linux",
              "linux.library",
              "oci",
              "overlay",
              "pem",
              "pgp",
              "pkcs7",
              "policy",
              "policyfile",
              "pull",
              "registries",
              "registry",
              "registry.certs",
              "registry.login",
              "registry.proxy",
              "secret",
              "service",
              "service.metrics",
              "sigstore",
              "simple",
              "snapshot",
              "source",
              "store",
              "telemetry",
              "verify",
              "wire",
              "wire.guest",
              "zstd"),
          ".image",
          Set.of(
              "cri.message",
              "failure",
              "json",
              "oci",
              "policy",
              "pull",
              "registry",
              "service",
              "snapshot",
              "store"),
          ".message",
          Set.of("wire"));

  private static final JavaClasses SEALIFT =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.sealift");

  static Stream<ArchRule> rules() {
    return Stream.of(
        slices().matching("io.sealift.(*)..").should().beFreeOfCycles(),
        noClasses()
            .that()
            .resideInAPackage(HERE + "..")
            .should()
            .dependOnClassesThat(
                resideInAnyPackage("java.lang.foreign..", "javax.net..", "com.sun.net..")
                    .or(name("java.net.Socket"))
                    .or(name("java.util.ServiceLoader")))
            .because("it has one Unix socket, and rooms for all else"),
        noClasses()
            .that()
            .resideInAnyPackage(HERE + ".image..", HERE + ".message..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.grpc..", "picocli..", "java.nio.channels..")
            .because("what is asked and answered is no matter of how it comes"),
        noClasses()
            .that()
            .resideOutsideOfPackage(HERE + "..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(HERE + "..")
            .because("nobody knows a front"),
        noClasses()
            .that()
            .resideOutsideOfPackage("io.sealift.telemetry..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.opentelemetry..")
            .because("one room makes traces"),
        noClasses()
            .that()
            .resideInAPackage(HERE + "..")
            .should()
            .callMethod(Digest.class, "equals", Object.class)
            .because("digests are compared where the bytes are"),
        noClasses()
            .that()
            .resideInAPackage(HERE + "..")
            .should()
            .haveNameMatching(".*(Utils?|Helper|Manager|Impl|Common)")
            .because("such a name says nothing"));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void keeps(ArchRule rule) {
    rule.check(SEALIFT);
  }

  @Test
  void knowsWhatTheTableSays() {
    Map<String, Set<String>> found = new TreeMap<>();
    EDGES.keySet().forEach(part -> found.put(part, neighbours(HERE + part)));
    Map<String, Set<String>> expected = new TreeMap<>();
    EDGES.forEach((part, edges) -> expected.put(part, new TreeSet<>(edges)));
    assertEquals(expected, found);
  }

  private static Set<String> neighbours(String own) {
    return SEALIFT.that(resideInAPackage(own)).stream()
        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
        .map(dependency -> dependency.getTargetClass().getBaseComponentType().getPackageName())
        .filter(other -> other.startsWith("io.sealift.") && !other.equals(own))
        .map(other -> other.substring("io.sealift.".length()))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
