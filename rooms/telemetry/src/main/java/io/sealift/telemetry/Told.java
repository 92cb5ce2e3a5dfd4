package io.sealift.telemetry;

import io.sealift.failure.Quoted;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Texts of somebody else's, as they may leave this machine.
final class Told {

  /// A name of an image has 400 characters at most as a rule, and a message says what matters
  /// first.
  private static final int MAX_CHARACTERS = 512;

  /// What may have a user and a password before a host, which some write into the name of an image.
  private static final Pattern PART = Pattern.compile("(//)?[^\\s/'\"]+");

  private static final Pattern DIGEST = Pattern.compile("[a-z0-9+._-]+:[0-9a-fA-F]{32,}.*");

  private Told() {}

  /// The beginning of a text on one line, without passwords.
  static String of(String text) {
    return Quoted.of(
        PART.matcher(text).replaceAll(part -> Matcher.quoteReplacement(told(part))),
        MAX_CHARACTERS);
  }

  /// `NAME:TAG@` before a digest is nobody's, nor is an address of mail.
  private static String told(MatchResult part) {
    String text = part.group();
    int at = text.lastIndexOf('@');
    if (at > 0 && DIGEST.matcher(text.substring(at + 1)).matches()) {
      at = text.lastIndexOf('@', at - 1);
    }
    boolean url = part.group(1) != null;
    return at < 0 || !(url || text.lastIndexOf(':', at) >= 0)
        ? text
        : (url ? "//" : "") + "***" + text.substring(at);
  }
}
