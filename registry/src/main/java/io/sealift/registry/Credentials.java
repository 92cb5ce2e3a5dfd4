package io.sealift.registry;

import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/// Who asks a registry: a user with a password, or with an identity token that stands for one, or
/// whoever has a token of the registry. Never shows the secret, and forgets it on {@link #close}.
public final class Credentials implements AutoCloseable {

  /// Bytes that UTF-8 takes for a `char` at most.
  private static final int MAX_BYTES_OF_CHAR = 3;

  private final String user;
  private final char[] secret;
  private final Kind kind;

  /// What the secret is.
  private enum Kind {
    PASSWORD,
    IDENTITY_TOKEN,
    REGISTRY_TOKEN
  }

  private Credentials(String user, char[] secret, Kind kind) {
    this.user = user;
    this.secret = secret.clone();
    this.kind = kind;
  }

  /// @param password copied; the caller's array stays the caller's to clear
  /// @throws IllegalArgumentException when the user has a colon, which Basic authentication cannot
  ///   tell from the one behind it
  public Credentials(String user, char[] password) {
    this(user, password, Kind.PASSWORD);
    if (user.indexOf(':') >= 0) {
      throw new IllegalArgumentException("a user with a colon");
    }
  }

  /// What `docker login` keeps as `identitytoken`: a refresh token of OAuth 2.
  ///
  /// @param token copied; the caller's array stays the caller's to clear
  public static Credentials identityToken(String user, char[] token) {
    return new Credentials(user, token, Kind.IDENTITY_TOKEN);
  }

  /// What somebody got from the registry's token server already (`registrytoken`).
  ///
  /// @param token printable ASCII without a space; copied, the caller's array stays the caller's
  /// @throws IllegalArgumentException when the token is none
  public static Credentials registryToken(char[] token) {
    for (char c : token) {
      if (c <= ' ' || c >= 0x7f) {
        throw new IllegalArgumentException("not a token");
      }
    }
    return new Credentials("", token, Kind.REGISTRY_TOKEN);
  }

  /// The same with a secret of their own, to be closed on their own.
  Credentials copy() {
    return new Credentials(user, secret, kind);
  }

  public String user() {
    return user;
  }

  boolean isIdentityToken() {
    return kind == Kind.IDENTITY_TOKEN;
  }

  boolean isRegistryToken() {
    return kind == Kind.REGISTRY_TOKEN;
  }

  /// The value of an `Authorization` header for a token of the registry (RFC 6750).
  String bearer() {
    return "Bearer " + new String(secret);
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
