package io.sealift.pkcs11;

import io.sealift.crypt.KeyException;
import io.sealift.crypt.KeyFile;
import io.sealift.crypt.KeyUnwrapper;
import io.sealift.crypt.WrappedKey;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Opens keys of the scheme `pkcs11` with private RSA keys that never leave their tokens. Secret
/// for the PINs, which {@link #close} clears; what the YAML parser made of a PIN on its way here is
/// left to the garbage collector, so a PIN is better in a file that `pin-source` names.
/// Thread-safe; tokens are asked one at a time.
///
/// ```java
/// KeyUnwrapper keys = new Pkcs11Keys(files, variables, ModuleVariables.required());
/// ```
public final class Pkcs11Keys implements KeyUnwrapper, AutoCloseable {

  private static final String SCHEME = "pkcs11";

  private final List<TokenKey> keys = new ArrayList<>();

  /// @param files of which those are taken that are key files of ocicrypt's; they may be closed
  ///   afterwards
  /// @param variables of the environment, for {@link ModuleRules#ofUser}, which is read when there
  ///   is a key file
  /// @param forModules how modules get theirs
  /// @throws KeyException when a key file or ocicrypt's configuration is malformed, or key files do
  ///   not go together; with the name of the file
  public Pkcs11Keys(
      List<KeyFile> files, Function<String, Optional<String>> variables, ModuleVariables forModules)
      throws KeyException {
    Map<String, String> provided = new HashMap<>();
    for (KeyFile file : files) {
      if (takes(file)) {
        try {
          add(TokenKeyFile.read(file), ModuleRules.ofUser(variables), forModules, provided);
        } catch (KeyException malformed) {
          close();
          throw new KeyException(
              "read key file %s: %s".formatted(file.name(), malformed.reason()), malformed);
        }
      }
    }
  }

  private void add(
      TokenKeyFile file,
      ModuleRules rules,
      ModuleVariables forModules,
      Map<String, String> provided)
      throws KeyException {
    keys.add(new TokenKey(file.uri(), rules, file.pin()));
    for (Map.Entry<String, String> variable : file.variables().entrySet()) {
      String before = provided.put(variable.getKey(), variable.getValue());
      if (before != null && !before.equals(variable.getValue())) {
        throw new KeyException(
            "it wants another %s than a key file before it, and there is one environment for all"
                .formatted(variable.getKey()));
      }
      forModules.provide(variable.getKey(), variable.getValue());
    }
  }

  /// Whether a file is meant to be a key file of ocicrypt's.
  public static boolean takes(KeyFile file) {
    return TokenKeyFile.isOne(file);
  }

  @Override
  public boolean knows(String scheme) {
    return scheme.equals(SCHEME);
  }

  /// How many bits each key has that the layer is for; more is not told.
  @Override
  public List<String> recipients(WrappedKey wrapped) {
    try {
      return WrappedForToken.parse(wrapped.bytes()).recipients().stream()
          .map(WrappedForToken.Recipient::toString)
          .toList();
    } catch (KeyException malformed) {
      return List.of(malformed.reason());
    }
  }

  @Override
  public byte[] unwrap(WrappedKey wrapped) throws KeyException, InterruptedIOException {
    if (keys.isEmpty()) {
      throw new KeyException("no key of a token was given");
    }
    WrappedForToken message = WrappedForToken.parse(wrapped.bytes());
    List<String> failures = new ArrayList<>();
    for (TokenKey key : keys) {
      try {
        return key.open(message);
      } catch (KeyException failed) {
        failures.add(key + ": " + failed.reason());
      }
    }
    throw new KeyException(String.join(", ", failures));
  }

  @Override
  public void close() {
    keys.forEach(TokenKey::close);
  }
}
