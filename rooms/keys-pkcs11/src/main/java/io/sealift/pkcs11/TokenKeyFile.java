package io.sealift.pkcs11;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.sealift.crypt.KeyException;
import io.sealift.crypt.KeyFile;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a key file of ocicrypt's says: YAML with a URI, `pkcs11.uri`, and variables for the module,
/// `module.env`.
///
/// @param pin UTF-8; secret
@SuppressWarnings("ArrayRecordComponent")
record TokenKeyFile(TokenUri uri, byte[] pin, Map<String, String> variables) {

  /// Variables for one module; SoftHSM has one.
  private static final int MAX_VARIABLES = 32;

  /// Bytes of a PIN; tokens take up to some 250.
  private static final int MAX_PIN_BYTES = 1024;

  /// Bytes that a character of Java takes in UTF-8.
  private static final int MAX_UTF8_BYTES = 3;

  private static final String VARIABLE = "[A-Za-z_][A-Za-z0-9_]{0,127}";

  /// Whether a file is meant to be such a one: text that speaks of `pkcs11` and is no PEM.
  static boolean isOne(KeyFile file) {
    if (file.bytes().length > Yaml.MAX_BYTES) {
      return false;
    }
    String text = new String(file.bytes(), ISO_8859_1);
    return text.contains("pkcs11") && !text.contains("-----BEGIN ") && text.indexOf('\0') < 0;
  }

  /// @throws KeyException when it is malformed, without its name
  static TokenKeyFile read(KeyFile file) throws KeyException {
    Map<String, Yaml.Value> members = Yaml.read(file.bytes()).members("it");
    requireNoneBut(members, "pkcs11", "module");
    var pkcs11 = members.getOrDefault("pkcs11", Yaml.Text.NONE).members("member 'pkcs11'");
    var module = members.getOrDefault("module", Yaml.Text.NONE).members("member 'module'");
    requireNoneBut(pkcs11, "uri");
    requireNoneBut(module, "env");
    TokenUri uri =
        TokenUri.parse(pkcs11.getOrDefault("uri", Yaml.Text.NONE).text("member 'uri'").strip());
    return new TokenKeyFile(
        uri, pin(uri, file), variables(module.getOrDefault("env", Yaml.Text.NONE)));
  }

  private static void requireNoneBut(Map<String, Yaml.Value> members, String... known)
      throws KeyException {
    for (String member : members.keySet()) {
      if (!List.of(known).contains(member)) {
        throw new KeyException(
            "member '%s' is not known, expected %s"
                .formatted(Shown.of(member), String.join(", ", known)));
      }
    }
  }

  private static Map<String, String> variables(Yaml.Value env) throws KeyException {
    Map<String, String> variables = new LinkedHashMap<>();
    for (Map.Entry<String, Yaml.Value> one : env.members("member 'env'").entrySet()) {
      String value = one.getValue().text("a variable of the module");
      if (!one.getKey().matches(VARIABLE) || value.indexOf('\0') >= 0) {
        throw new KeyException(
            "'%s' is no name of a variable, or has a value that none can have"
                .formatted(Shown.of(one.getKey())));
      }
      variables.put(one.getKey(), value);
    }
    if (variables.size() > MAX_VARIABLES) {
      throw new KeyException(
          "it has %d variables, more than the %d allowed"
              .formatted(variables.size(), MAX_VARIABLES));
    }
    return variables;
  }

  /// From the URI, from the file that it names, or what stands behind the colon of the option.
  private static byte[] pin(TokenUri uri, KeyFile file) throws KeyException {
    byte[] given = uri.takePin();
    String source = uri.query("pin-source");
    char[] password = file.password();
    if (password != null) {
      if (given != null || source != null) {
        throw new KeyException("its PIN is given twice: in its URI and behind the colon");
      }
      given = utf8(password);
    } else if (source != null) {
      given = PinSource.read(source);
    }
    if (given == null || given.length == 0 || given.length > MAX_PIN_BYTES) {
      throw new KeyException(
          "it takes a PIN of 1 to %d bytes: pin-value= or pin-source= in its URI, or FILE:PIN"
              .formatted(MAX_PIN_BYTES));
    }
    return given;
  }

  private static byte[] utf8(char[] text) {
    ByteBuffer encoded = ByteBuffer.allocate(MAX_UTF8_BYTES * text.length);
    UTF_8.newEncoder().encode(CharBuffer.wrap(text), encoded, true);
    byte[] bytes = Arrays.copyOf(encoded.array(), encoded.position());
    Arrays.fill(encoded.array(), (byte) 0);
    return bytes;
  }

  /// Nothing of the PIN.
  @Override
  public String toString() {
    return uri.toString();
  }
}
