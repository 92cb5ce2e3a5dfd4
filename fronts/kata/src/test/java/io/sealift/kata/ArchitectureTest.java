package io.sealift.kata;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What a guest's daemon may know, kept by looking at the compiled classes.
class ArchitectureTest {

  /// The packages of other modules that this front knows: what is not here is not in a guest.
  private static final Set<String> KNOWN =
      Set.of(
          "bundle",
          "codec",
          "crypt",
          "failure",
          "imageconfig",
          "kbs",
          "linux",
          "linux.library",
          "oci",
          "overlay",
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
          "zstd");

  private static final JavaClasses SEALIFT =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("/kata/test/"))
          .importPackages("io.sealift");

  static Stream<ArchRule> rules() {
    return Stream.of(
        slices().matching("io.sealift.(*)..").should().beFreeOfCycles(),
        noClasses()
            .that()
            .resideInAPackage("io.sealift.kata..")
            .should()
            .dependOnClassesThat(
                resideInAnyPackage(
                        "java.lang.foreign..",
                        "javax.net..",
                        "com.sun.net..",
                        "io.grpc..",
                        "picocli..")
                    .or(name("java.net.Socket"))
                    .or(name("java.nio.channels.SocketChannel"))
                    .or(name("java.util.ServiceLoader")))
            .because("it names rooms and speaks through wire"),
        noClasses()
            .that()
            .resideOutsideOfPackages("io.sealift.kata..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.sealift.kata..")
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
            .resideInAPackage("io.sealift.kata..")
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
    Set<String> found =
        SEALIFT.that(resideInAnyPackage("io.sealift.kata..")).stream()
            .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
            .map(dependency -> dependency.getTargetClass().getBaseComponentType())
            .map(type -> type.getPackageName())
            .filter(name -> name.startsWith("io.sealift.") && !name.equals("io.sealift.kata"))
            .map(name -> name.substring("io.sealift.".length()))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(new TreeSet<>(KNOWN), found);
  }
}
