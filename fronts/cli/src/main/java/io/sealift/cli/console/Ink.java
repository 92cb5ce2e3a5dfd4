package io.sealift.cli.console;

/// Colours of words on a terminal (ECMA-48, SGR); none elsewhere.
///
/// @param on whether there is a terminal that shows them
public record Ink(boolean on) {

  public String good(String text) {
    return sgr("32", text);
  }

  public String bad(String text) {
    return sgr("31", text);
  }

  public String doubtful(String text) {
    return sgr("33", text);
  }

  public String faint(String text) {
    return sgr("2", text);
  }

  private String sgr(String code, String text) {
    return on ? "\033[" + code + "m" + text + "\033[0m" : text;
  }
}
