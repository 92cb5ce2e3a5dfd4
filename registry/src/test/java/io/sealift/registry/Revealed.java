package io.sealift.registry;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/// What credentials keep to themselves, for tests that are to see it.
public final class Revealed {

  private Revealed() {}

  /// `password hunter2`
  public static String kindAndSecret(Credentials credentials) {
    String kind =
        credentials.isIdentityToken()
            ? "identity"
            : credentials.isRegistryToken() ? "token" : "password";
    return kind + " " + URLDecoder.decode(credentials.formEncoded(), StandardCharsets.UTF_8);
  }
}
