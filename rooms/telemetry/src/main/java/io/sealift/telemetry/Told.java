package io.sealift.telemetry;

import io.sealift.failure.Quoted;
import java.util.regex.Pattern;

/// Texts of somebody else's, as they may leave this machine.
final class Told {

  /// A name of an image has 400 characters at most as a rule, and a message says what matters
  /// first.
  private static final int MAX_CHARACTERS = 512;

  /// A user and a password before a host, which some write into the name of an image; `NAME:TAG@`
  /// before a digest is none.
  private static final Pattern CREDENTIALS =
      Pattern.compile("[^\\s/'\"]+:[^\\s/'\"]*@(?![a-z0-9+._-]+:[0-9a-fA-F]{32})");

  private Told() {}

  /// The beginning of a text on one line, without passwords.
  static String of(String text) {
    return CREDENTIALS.matcher(Quoted.of(text, MAX_CHARACTERS)).replaceAll("***@");
  }
}
