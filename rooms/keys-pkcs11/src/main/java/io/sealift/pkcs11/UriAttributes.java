package io.sealift.pkcs11;

import io.sealift.crypt.KeyException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The attributes of one half of a URI (RFC 7512 §2.3): names with values that were decoded. Those
/// of the query may be secret. Whatever is wrong is told without showing a value.
final class UriAttributes {

  /// What may stand in a value as it is, besides letters and digits, in both halves.
  private static final String EVERYWHERE = "-._~:[]@!$'()*+,=";

  private final Map<String, byte[]> values = new LinkedHashMap<>();

  private UriAttributes() {}

  /// Takes the half apart.
  ///
  /// @param separator what stands between attributes
  /// @param allowed what else may stand in a value as it is
  /// @param known names; any other is an error, for it might say that another key is meant
  static UriAttributes parse(String half, char separator, String allowed, Set<String> known)
      throws KeyException {
    UriAttributes attributes = new UriAttributes();
    if (half.isEmpty()) {
      return attributes;
    }
    for (String attribute : half.split(String.valueOf(separator), -1)) {
      int equals = attribute.indexOf('=');
      String name = equals < 0 ? "" : attribute.substring(0, equals);
      if (equals <= 0) {
        throw new KeyException("an attribute of its URI has no name or no value");
      }
      if (!known.contains(name)) {
        // A name that is none may be the rest of a PIN.
        throw new KeyException(
            "its URI has an attribute that is not known there, expected one of %s"
                .formatted(String.join(", ", new TreeSet<>(known))));
      }
      byte[] value = decoded(name, attribute.substring(equals + 1), EVERYWHERE + allowed);
      if (attributes.values.put(name, value) != null) {
        throw new KeyException("the attribute '%s' is in its URI twice".formatted(name));
      }
    }
    return attributes;
  }

  private static byte[] decoded(String name, String value, String allowed) throws KeyException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int at = 0; at < value.length(); at++) {
      char character = value.charAt(at);
      if (character == '%') {
        if (value.length() - at < 3
            || !HexFormat.isHexDigit(value.charAt(at + 1))
            || !HexFormat.isHexDigit(value.charAt(at + 2))) {
          throw new KeyException(
              "the attribute '%s' of its URI has a %% without two hexadecimal digits"
                  .formatted(name));
        }
        bytes.write(HexFormat.fromHexDigits(value, at + 1, at + 3));
        at += 2;
      } else if (isPlain(character) || allowed.indexOf(character) >= 0) {
        bytes.write(character);
      } else {
        throw new KeyException(
            "the attribute '%s' of its URI has a character that has to be percent-encoded"
                .formatted(name));
      }
    }
    return bytes.toByteArray();
  }

  private static boolean isPlain(char character) {
    return character < 0x80 && Character.isLetterOrDigit(character);
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  /// The value's octets; null when there is no such attribute. Not a copy.
  byte @Nullable [] bytes(String name) {
    return values.get(name);
  }

  /// The value as text; null when there is no such attribute.
  @Nullable String text(String name) throws KeyException {
    byte[] value = values.get(name);
    if (value == null) {
      return null;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString();
    } catch (CharacterCodingException malformed) {
      throw new KeyException(
          "the attribute '%s' of its URI is not UTF-8".formatted(name), malformed);
    }
  }

  /// Takes a value out; null when there is no such attribute. The caller owns it.
  byte @Nullable [] take(String name) {
    return values.remove(name);
  }
}
