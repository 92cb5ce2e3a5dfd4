package io.sealift.telemetry;

import io.sealift.failure.BadReferenceException;
import io.sealift.failure.Quoted;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Variables of the environment by the grammar of the OpenTelemetry specification ("Environment
/// Variable Specification"): one that is empty is none, words are the same in upper and lower case.
///
/// @param environment gives a variable, or null
record Variables(UnaryOperator<@Nullable String> environment) {

  /// What there is for traces alone goes before what there is for all that is exported.
  private static final String OF_TRACES = "OTEL_EXPORTER_OTLP_TRACES_";

  private static final String OF_ALL = "OTEL_EXPORTER_OTLP_";

  private static final int MAX_QUOTED = 100;

  /// A variable and what it says.
  ///
  /// @param text empty when it is not set
  record Variable(String name, String text) {

    boolean isSet() {
      return !text.isEmpty();
    }

    String lowerCase() {
      return text.toLowerCase(Locale.ROOT);
    }

    /// A failure that quotes it.
    BadReferenceException refused(String expected) {
      return new BadReferenceException(
          "read %s=%s: expected %s".formatted(name, Quoted.of(text, MAX_QUOTED), expected));
    }

    /// A failure that does not, for it may hold a password.
    BadReferenceException refusedUnseen(String expected, @Nullable Throwable cause) {
      String message = "read %s: expected %s".formatted(name, expected);
      return cause == null
          ? new BadReferenceException(message)
          : new BadReferenceException(message, cause);
    }

    /// A whole number.
    int number(int least, int otherwise) throws BadReferenceException {
      if (!isSet()) {
        return otherwise;
      }
      try {
        int number = Integer.parseInt(text);
        if (number >= least) {
          return number;
        }
      } catch (NumberFormatException malformed) {
        throw refused("a whole number of %d or more".formatted(least));
      }
      throw refused("a whole number of %d or more".formatted(least));
    }

    /// `NAME=VALUE,…`, values percent-encoded; none is ever quoted.
    Map<String, String> pairs(Predicate<String> isName, Predicate<String> isValue)
        throws BadReferenceException {
      Map<String, String> pairs = new LinkedHashMap<>();
      for (String pair : text.split(",", -1)) {
        if (!pair.isBlank()) {
          int equals = pair.indexOf('=');
          String key = equals < 0 ? "" : pair.substring(0, equals).strip();
          String value = decoded(pair.substring(equals + 1).strip());
          if (!isName.test(key) || !isValue.test(value)) {
            throw refusedUnseen("NAME=VALUE with commas between them, percent-encoded", null);
          }
          pairs.put(key, value);
        }
      }
      return pairs;
    }

    /// Percent-encoded, where a plus sign is one.
    private String decoded(String value) throws BadReferenceException {
      try {
        return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
      } catch (IllegalArgumentException malformed) {
        throw refusedUnseen("values that are percent-encoded", malformed);
      }
    }
  }

  Variable get(String name) {
    String text = environment.apply(name);
    return new Variable(name, text == null ? "" : text.strip());
  }

  /// One of the exporter's.
  Variable ofExporter(String name) {
    Variable ofTraces = get(OF_TRACES + name);
    return ofTraces.isSet() ? ofTraces : get(OF_ALL + name);
  }
}
