package io.sealift.cri.message;

import io.sealift.wire.ProtoException;
import io.sealift.wire.ProtoReader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Who a client says that it asks a registry as, in one or more of several forms; fields that are
/// not there are empty. Never shown, and forgotten on {@link #close}.
public final class AuthConfig implements AutoCloseable {

  private String username = "";
  private char[] password = {};
  private char[] auth = {};
  private String serverAddress = "";
  private char[] identityToken = {};
  private char[] registryToken = {};

  private AuthConfig() {}

  /// One that says nothing.
  static AuthConfig none() {
    return new AuthConfig();
  }

  /// @param message is overwritten
  static AuthConfig decode(byte[] message) throws ProtoException {
    AuthConfig config = new AuthConfig();
    boolean done = false;
    try {
      config.read(new ProtoReader("AuthConfig", message));
      done = true;
      return config;
    } finally {
      Arrays.fill(message, (byte) 0);
      if (!done) {
        config.close();
      }
    }
  }

  private void read(ProtoReader fields) throws ProtoException {
    while (fields.next()) {
      switch (fields.field()) {
        case 1 -> username = fields.text();
        case 2 -> password = secret(fields, password);
        case 3 -> auth = secret(fields, auth);
        case 4 -> serverAddress = fields.text();
        case 5 -> identityToken = secret(fields, identityToken);
        case 6 -> registryToken = secret(fields, registryToken);
        default -> fields.skip();
      }
    }
  }

  private static char[] secret(ProtoReader fields, char[] before) throws ProtoException {
    byte[] bytes = fields.bytes();
    Arrays.fill(before, '\0');
    try {
      CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      char[] secret = new char[text.remaining()];
      text.get(secret);
      Arrays.fill(text.array(), '\0');
      return secret;
    } catch (CharacterCodingException malformed) {
      throw new ProtoException("read AuthConfig: a secret is not UTF-8", malformed);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  public String username() {
    return username;
  }

  /// Stays this object's, as the other secrets do.
  public char[] password() {
    return password;
  }

  /// `USER:PASSWORD` in Base64.
  public char[] auth() {
    return auth;
  }

  /// Which registry all this is for; empty for whichever the image is in.
  public String serverAddress() {
    return serverAddress;
  }

  public char[] identityToken() {
    return identityToken;
  }

  public char[] registryToken() {
    return registryToken;
  }

  @Override
  public String toString() {
    return "AuthConfig[***]";
  }

  @Override
  public void close() {
    Arrays.fill(password, '\0');
    Arrays.fill(auth, '\0');
    Arrays.fill(identityToken, '\0');
    Arrays.fill(registryToken, '\0');
  }
}
