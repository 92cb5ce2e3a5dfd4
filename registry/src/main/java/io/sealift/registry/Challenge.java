package io.sealift.registry;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// One challenge of a `WWW-Authenticate` header (RFC 9110 §11.6.1).
///
/// @param scheme lower case: `basic`, `bearer`
/// @param parameters by their lower-case names
record Challenge(String scheme, Map<String, String> parameters) {

  /// Characters of the header; one challenge has two hundred.
  private static final int MAX_LENGTH = 8 * 1024;

  /// Reads all challenges of a header; what is not well formed ends the list.
  static List<Challenge> parse(String header) {
    return header.length() > MAX_LENGTH ? List.of() : new Reader(header).read();
  }

  private static final class Reader {

    private final String text;
    private int at;

    Reader(String text) {
      this.text = text;
    }

    List<Challenge> read() {
      List<Challenge> challenges = new ArrayList<>();
      skip(" ,\t");
      while (at < text.length()) {
        String word = token();
        if (word.isEmpty()) {
          return challenges;
        }
        skip(" \t");
        if (at < text.length() && text.charAt(at) == '=' && !challenges.isEmpty()) {
          at++;
          skip(" \t");
          challenges.getLast().parameters().put(word.toLowerCase(Locale.ROOT), value());
        } else {
          challenges.add(new Challenge(word.toLowerCase(Locale.ROOT), new HashMap<>()));
        }
        skip(" ,\t");
      }
      return challenges;
    }

    private void skip(String characters) {
      while (at < text.length() && characters.indexOf(text.charAt(at)) >= 0) {
        at++;
      }
    }

    private String token() {
      int start = at;
      while (at < text.length() && " ,\t=\"".indexOf(text.charAt(at)) < 0) {
        at++;
      }
      return text.substring(start, at);
    }

    private String value() {
      if (at == text.length() || text.charAt(at) != '"') {
        return token();
      }
      StringBuilder value = new StringBuilder();
      for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
        if (text.charAt(at) == '\\' && at + 1 < text.length()) {
          at++;
        }
        value.append(text.charAt(at));
      }
      at++;
      return value.toString();
    }
  }
}
