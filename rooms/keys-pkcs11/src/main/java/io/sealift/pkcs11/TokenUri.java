package io.sealift.pkcs11;

import io.sealift.crypt.KeyException;
import io.sealift.linux.token.Token;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where a private key is (RFC 7512): which token, and which object of it. The attributes of the
/// query, the PIN among them, are kept apart and never shown.
final class TokenUri {

  private static final String SCHEME = "pkcs11:";

  /// Characters; real ones have 200.
  private static final int MAX_CHARACTERS = 4096;

  private static final Set<String> OF_PATH =
      Set.of("token", "manufacturer", "model", "serial", "slot-id", "object", "id", "type");

  private static final Set<String> OF_QUERY =
      Set.of("pin-value", "pin-source", "module-path", "module-name");

  private final String shown;
  private final UriAttributes path;
  private final UriAttributes query;
  private final @Nullable Long slot;

  private TokenUri(String shown, UriAttributes path, UriAttributes query) throws KeyException {
    this.shown = shown;
    this.path = path;
    this.query = query;
    this.slot = slot(path.text("slot-id"));
  }

  /// @throws KeyException when it is no such URI, or does not say which key of which token it means
  static TokenUri parse(String text) throws KeyException {
    if (!text.startsWith(SCHEME) || text.length() > MAX_CHARACTERS) {
      throw new KeyException(
          "its URI does not begin with pkcs11:, or has more than %d characters"
              .formatted(MAX_CHARACTERS));
    }
    int mark = text.indexOf('?');
    String path = text.substring(SCHEME.length(), mark < 0 ? text.length() : mark);
    String query = mark < 0 ? "" : text.substring(mark + 1);
    TokenUri uri =
        new TokenUri(
            SCHEME + Shown.of(path),
            UriAttributes.parse(path, ';', "&", OF_PATH),
            UriAttributes.parse(query, '&', "/?|", OF_QUERY));
    uri.validate();
    return uri;
  }

  private void validate() throws KeyException {
    if (!path.has("token") && !path.has("serial") && slot == null) {
      throw new KeyException("its URI names no token: neither token=, serial= nor slot-id=");
    }
    if (!path.has("object") && !path.has("id")) {
      throw new KeyException("its URI names no key: neither object= nor id=");
    }
    String type = path.text("type");
    // ocicrypt takes one URI for encrypting with the public half as well.
    if (type != null && !type.equals("private") && !type.equals("public")) {
      throw new KeyException("its URI has type=%s, expected private".formatted(Shown.of(type)));
    }
    if (query.has("pin-value") && query.has("pin-source")) {
      throw new KeyException("its URI has both pin-value and pin-source");
    }
    for (String name : OF_PATH) {
      path.text(name.equals("id") ? "token" : name);
    }
  }

  private static @Nullable Long slot(@Nullable String text) throws KeyException {
    if (text == null) {
      return null;
    }
    if (!text.matches("[0-9]{1,18}")) {
      throw new KeyException("its URI has slot-id=%s, expected a number".formatted(Shown.of(text)));
    }
    return Long.valueOf(text);
  }

  /// Whether it may be this token that is meant.
  boolean matches(Token token) throws KeyException {
    return (slot == null || slot == token.slot())
        && isOrAny("token", token.label())
        && isOrAny("manufacturer", token.manufacturer())
        && isOrAny("model", token.model())
        && isOrAny("serial", token.serial());
  }

  private boolean isOrAny(String name, String value) throws KeyException {
    String wanted = path.text(name);
    return wanted == null || wanted.equals(value);
  }

  /// The label of the key, UTF-8; null for any.
  byte @Nullable [] label() {
    return path.bytes("object");
  }

  /// The identifier of the key; null for any.
  byte @Nullable [] id() {
    return path.bytes("id");
  }

  /// What of the query is not about the PIN; null when it is not there.
  @Nullable String query(String name) throws KeyException {
    return query.text(name);
  }

  /// The PIN of `pin-value`, UTF-8; null when there is none. The caller owns and clears it.
  byte @Nullable [] takePin() {
    return query.take("pin-value");
  }

  /// Without the query.
  @Override
  public String toString() {
    return shown;
  }
}
