package io.sealift.registry;

import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/// A user with a password, or with an identity token that stands for one, for one registry. Never
/// shows the secret, and forgets it on {@link #close}.
public final class Credentials implements AutoCloseable {

  /// Bytes that UTF-8 takes for a `char` at most.
  private static final int MAX_BYTES_OF_CHAR = 3;

  private final String user;
  private final char[] secret;
  private final boolean identity;

  private Credentials(String user, char[] secret, boolean identity) {
    this.user = user;
    this.secret = secret.clone();
    this.identity = identity;
  }

  /// @param password copied; the caller's array stays the caller's to clear
  /// @throws IllegalArgumentException when the user has a colon, which Basic authentication cannot
  ///   tell from the one behind it
  public Credentials(String user, char[] password) {
    this(user, password, false);
    if (user.indexOf(':') >= 0) {
      throw new IllegalArgumentException("a user with a colon");
    }
  }

  /// What `docker login` keeps as `identitytoken`: a refresh token of OAuth 2.
  ///
  /// @param token copied; the caller's array stays the caller's to clear
  public static Credentials identityToken(String user, char[] token) {
    return new Credentials(user, token, true);
  }

  public String user() {
    return user;
  }

  boolean isIdentityToken() {
    return identity;
  }

  /// The value of an `Authorization` header for these (RFC 7617).
  String basic() {
    byte[] name = (user + ":").getBytes(StandardCharsets.UTF_8);
    ByteBuffer pair = ByteBuffer.allocate(name.length + MAX_BYTES_OF_CHAR * secret.length);
    StandardCharsets.UTF_8
        .newEncoder()
        .onUnmappableCharacter(CodingErrorAction.REPLACE)
        .onMalformedInput(CodingErrorAction.REPLACE)
        .encode(CharBuffer.wrap(secret), pair.put(name), true);
    byte[] bytes = Arrays.copyOf(pair.array(), pair.position());
    String header = "Basic " + Base64.getEncoder().encodeToString(bytes);
    Arrays.fill(bytes, (byte) 0);
    Arrays.fill(pair.array(), (byte) 0);
    return header;
  }

  /// The secret as a value of a form.
  String formEncoded() {
    return URLEncoder.encode(new String(secret), StandardCharsets.UTF_8);
  }

  /// Somebody else's text without the secret, in case it was sent back.
  String redact(String text) {
    String plain = new String(secret);
    String encoded = basic().substring("Basic ".length());
    String redacted = text.replace(encoded, "***");
    return plain.isEmpty() ? redacted : redacted.replace(plain, "***");
  }

  @Override
  public String toString() {
    return user + ":***";
  }

  @Override
  public void close() {
    Arrays.fill(secret, '\0');
  }
}
