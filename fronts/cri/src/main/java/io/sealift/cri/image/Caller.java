package io.sealift.cri.image;

import io.sealift.cri.message.AuthConfig;
import io.sealift.failure.BadReferenceException;
import io.sealift.registry.CredentialSource;
import io.sealift.registry.CredentialSource.Answer;
import io.sealift.registry.Credentials;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Who wants an image, as the client says. Never shown, and forgotten on {@link #close}.
///
/// | `AuthConfig` | asks the image's registry |
/// |---|---|
/// | empty | whoever the settings name for it |
/// | `server_address` is another registry | nobody: what is said is not for this one |
/// | `username` | with `password` |
/// | else `auth` | user and password, split at the first colon, NULs around the password dropped |
/// | else `identity_token` | a refresh token of OAuth 2 |
/// | else `registry_token` | a token of the registry, as it is |
public final class Caller implements AutoCloseable {

  /// Credentials are compared by this, which is worth nothing outside of this process.
  private static final byte[] KEY = new byte[32];

  static {
    new SecureRandom().nextBytes(KEY);
  }

  /// Bytes that UTF-8 takes for a `char` at most.
  private static final int MAX_BYTES_OF_CHAR = 3;

  private static final String MAC = "HmacSHA256";
  private static final String ORIGIN = "the call";

  private final Kind kind;

  /// The only registry that may hear of it; empty for any.
  private final String server;

  private final String user;
  private final char[] secret;

  private Caller(Kind kind, String server, String user, char[] secret) {
    this.kind = kind;
    this.server = server;
    this.user = user;
    this.secret = secret;
  }

  private enum Kind {
    UNSAID,
    PASSWORD,
    IDENTITY_TOKEN,
    REGISTRY_TOKEN
  }

  /// Tells callers with different credentials apart, without telling these.
  public record Fingerprint(String hex) {}

  /// Who a client says it is.
  ///
  /// @param auth stays whose it was
  /// @throws BadReferenceException when what it says is malformed
  public static Caller of(AuthConfig auth) throws BadReferenceException {
    String server = auth.serverAddress();
    if (!auth.username().isEmpty()) {
      if (auth.username().indexOf(':') >= 0) {
        throw bad("username", "a user has no colon");
      }
      return new Caller(Kind.PASSWORD, server, auth.username(), auth.password().clone());
    }
    if (auth.auth().length > 0) {
      return pair(auth.auth(), server);
    }
    if (auth.identityToken().length > 0) {
      return new Caller(Kind.IDENTITY_TOKEN, server, "", auth.identityToken().clone());
    }
    if (auth.registryToken().length > 0) {
      for (char c : auth.registryToken()) {
        if (c <= ' ' || c >= 0x7f) {
          throw bad("registry_token", "expected printable ASCII without spaces");
        }
      }
      return new Caller(Kind.REGISTRY_TOKEN, server, "", auth.registryToken().clone());
    }
    return new Caller(Kind.UNSAID, "", "", new char[0]);
  }

  /// `USER:PASSWORD` in Base64, with the NULs that some clients fill the password up with.
  private static Caller pair(char[] auth, String server) throws BadReferenceException {
    byte[] encoded = bytes(auth);
    byte[] plain = {};
    CharBuffer text = CharBuffer.allocate(0);
    try {
      plain = Base64.getDecoder().decode(encoded);
      text = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(plain));
      int colon = 0;
      while (colon < text.length() && text.charAt(colon) != ':') {
        colon++;
      }
      if (colon == 0 || colon == text.length()) {
        throw bad("auth", "expected USER:PASSWORD in Base64, found no user before a colon");
      }
      return new Caller(
          Kind.PASSWORD,
          server,
          text.subSequence(0, colon).toString(),
          withoutNuls(text.array(), colon + 1, text.length()));
    } catch (IllegalArgumentException malformed) {
      throw bad("auth", "expected USER:PASSWORD in Base64, found something else");
    } finally {
      Arrays.fill(encoded, (byte) 0);
      Arrays.fill(plain, (byte) 0);
      Arrays.fill(text.array(), '\0');
    }
  }

  private static char[] withoutNuls(char[] text, int begin, int end) {
    int from = begin;
    int to = end;
    while (from < to && text[from] == '\0') {
      from++;
    }
    while (to > from && text[to - 1] == '\0') {
      to--;
    }
    return Arrays.copyOfRange(text, from, to);
  }

  private static BadReferenceException bad(String field, String what) {
    return new BadReferenceException("read auth.%s: %s".formatted(field, what));
  }

  private static byte[] bytes(char[] text) {
    byte[] room = new byte[MAX_BYTES_OF_CHAR * text.length];
    ByteBuffer buffer = ByteBuffer.wrap(room);
    StandardCharsets.UTF_8
        .newEncoder()
        .onMalformedInput(CodingErrorAction.REPLACE)
        .onUnmappableCharacter(CodingErrorAction.REPLACE)
        .encode(CharBuffer.wrap(text), buffer, true);
    byte[] bytes = Arrays.copyOf(room, buffer.position());
    Arrays.fill(room, (byte) 0);
    return bytes;
  }

  /// Where the image's registry is to hear who asks; null for where the settings say.
  public @Nullable CredentialSource source() {
    return kind == Kind.UNSAID ? null : (registry, _) -> towards(registry);
  }

  private Answer towards(String registry) {
    if (!server.isEmpty() && !RegistryAddress.of(server).is(registry)) {
      return new Answer.Unknown(
          "send credentials whose server_address is %s or empty".formatted(registry));
    }
    return new Answer.Known(
        switch (kind) {
          case PASSWORD -> new Credentials(user, secret);
          case IDENTITY_TOKEN -> Credentials.identityToken(user, secret);
          case REGISTRY_TOKEN -> Credentials.registryToken(secret);
          case UNSAID -> throw new IllegalStateException("nobody says who asks");
        },
        ORIGIN);
  }

  public Fingerprint fingerprint() {
    byte[] password = bytes(secret);
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(new SecretKeySpec(KEY, MAC));
      for (String text : List.of(kind.name(), server, user)) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
        mac.update(bytes);
      }
      return new Fingerprint(HexFormat.of().formatHex(mac.doFinal(password)));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    } finally {
      Arrays.fill(password, (byte) 0);
    }
  }

  @Override
  public String toString() {
    return "Caller[" + kind + "]";
  }

  @Override
  public void close() {
    Arrays.fill(secret, '\0');
  }
}
