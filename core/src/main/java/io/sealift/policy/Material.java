package io.sealift.policy;

import io.sealift.failure.ImageException;
import io.sealift.secret.SecretSource;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.stream.Collectors;

/// A key ring, key or certificate that a policy names, by place or in full.
public sealed interface Material {

  /// Bytes of one key file; rings of whole distributions have a few hundred thousand.
  int MAX_BYTES = 1 << 20;

  /// The bytes: a key ring, or PEM.
  byte[] read(SecretSource secrets) throws ImageException, InterruptedIOException;

  /// How messages call it: a URI, or where in the policy it stands.
  String name();

  /// The names of several, for people.
  static String names(List<Material> materials) {
    return materials.stream().map(Material::name).collect(Collectors.joining(" or "));
  }

  /// To be read when it is needed, so that a key that changed counts at once.
  ///
  /// @param uri a path or URI that a {@link SecretSource} knows
  record At(String uri) implements Material {
    @Override
    public byte[] read(SecretSource secrets) throws ImageException, InterruptedIOException {
      return secrets.read(uri, MAX_BYTES);
    }

    @Override
    public String name() {
      return uri;
    }
  }

  /// What the policy itself holds.
  ///
  /// @param name where in the policy it stands
  @SuppressWarnings("ArrayRecordComponent")
  record Given(String name, byte[] bytes) implements Material {
    @Override
    public byte[] read(SecretSource secrets) {
      return bytes.clone();
    }
  }
}
