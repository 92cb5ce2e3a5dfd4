package io.sealift.registry.login;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sealift.failure.UnsafeContentException;
import io.sealift.json.JsonObject;
import io.sealift.registry.Credentials;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/// One entry of `auths`. The first of these that it has counts:
///
/// | member | is |
/// |---|---|
/// | `registrytoken` | a token for the registry itself |
/// | `identitytoken` | a refresh token for the registry's token server |
/// | `auth` | base64 of user, colon and password; the password may have colons |
/// | `username`, `password` | the same in the clear, as some write it besides |
final class AuthEntry {

  static final String EXPECTED = "base64 of USER:PASSWORD as auth";

  private AuthEntry() {}

  /// @throws IllegalArgumentException when a member is malformed
  static Optional<Credentials> credentials(JsonObject entry) throws UnsafeContentException {
    String registryToken = text(entry, "registrytoken");
    if (!registryToken.isEmpty()) {
      return Optional.of(Credentials.registryToken(registryToken.toCharArray()));
    }
    char[] pair = pair(text(entry, "auth"));
    try {
      int colon = indexOf(pair, ':');
      if (pair.length > 0 && colon < 0) {
        throw new IllegalArgumentException("no colon");
      }
      String user =
          pair.length == 0 ? text(entry, "username") : new String(pair, 0, Math.max(colon, 0));
      String identity = text(entry, "identitytoken");
      if (!identity.isEmpty()) {
        return Optional.of(Credentials.identityToken(user, identity.toCharArray()));
      }
      return pair.length == 0
          ? login(user, text(entry, "password").toCharArray())
          : login(user, trimmed(pair, colon + 1));
    } finally {
      Arrays.fill(pair, '\0');
    }
  }

  private static Optional<Credentials> login(String user, char[] password) {
    try {
      return user.isEmpty() && password.length == 0
          ? Optional.empty()
          : Optional.of(new Credentials(user, password));
    } finally {
      Arrays.fill(password, '\0');
    }
  }

  private static String text(JsonObject entry, String member) throws UnsafeContentException {
    return entry.optionalString(member).orElse("");
  }

  /// Wrapped base64 is accepted, as Go does.
  private static char[] pair(String base64) {
    byte[] bytes =
        Base64.getDecoder().decode(base64.replace("\r", "").replace("\n", "").getBytes(UTF_8));
    CharBuffer text = UTF_8.decode(ByteBuffer.wrap(bytes));
    char[] pair = Arrays.copyOf(text.array(), text.remaining());
    Arrays.fill(text.array(), '\0');
    Arrays.fill(bytes, (byte) 0);
    return pair;
  }

  private static int indexOf(char[] text, char wanted) {
    for (int i = 0; i < text.length; i++) {
      if (text[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  /// Without the zeros that old programs padded it with, and the line ends that come of piping a
  /// line into `base64`.
  private static char[] trimmed(char[] text, int from) {
    int start = from;
    int end = text.length;
    while (start < end && isPadding(text[start])) {
      start++;
    }
    while (end > start && isPadding(text[end - 1])) {
      end--;
    }
    return Arrays.copyOfRange(text, start, end);
  }

  private static boolean isPadding(char c) {
    return c == '\0' || c == '\n' || c == '\r';
  }
}
