package io.sealift.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ChallengeTest {

  static Stream<Arguments> headers() {
    return Stream.of(
        Arguments.of("", List.of()),
        Arguments.of("Basic", List.of(new Challenge("basic", Map.of()))),
        Arguments.of(
            "Basic realm=\"a b\"", List.of(new Challenge("basic", Map.of("realm", "a b")))),
        Arguments.of(
            "BEARER Realm=\"https://x/t\",service=\"s\",scope=\"repository:a:pull,push\"",
            List.of(
                new Challenge(
                    "bearer",
                    Map.of(
                        "realm", "https://x/t",
                        "service", "s",
                        "scope", "repository:a:pull,push")))),
        Arguments.of(
            "Bearer realm = \"a\" , service = b",
            List.of(new Challenge("bearer", Map.of("realm", "a", "service", "b")))),
        Arguments.of(
            "Bearer realm=\"quo\\\"ted\"",
            List.of(new Challenge("bearer", Map.of("realm", "quo\"ted")))),
        Arguments.of(
            "Basic realm=\"a\", Bearer realm=\"b\"",
            List.of(
                new Challenge("basic", Map.of("realm", "a")),
                new Challenge("bearer", Map.of("realm", "b")))),
        Arguments.of(
            "Negotiate, Bearer realm=\"b\"",
            List.of(
                new Challenge("negotiate", Map.of()),
                new Challenge("bearer", Map.of("realm", "b")))),
        Arguments.of(
            "Bearer realm=\"open", List.of(new Challenge("bearer", Map.of("realm", "open")))),
        Arguments.of("=\"x\"", List.of()),
        Arguments.of("Bearer realm=\"" + "x".repeat(9000) + "\"", List.of()));
  }

  @ParameterizedTest
  @MethodSource("headers")
  void reads(String header, List<Challenge> expected) {
    assertEquals(expected, Challenge.parse(header));
  }
}
