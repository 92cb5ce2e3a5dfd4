package io.sealift.testing.sign;

import io.sealift.json.JsonValue;
import io.sealift.json.JsonWriter;
import io.sealift.oci.Digest;
import io.sealift.oci.MediaType;
import io.sealift.testing.BuiltBlob;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.PemText;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Signs images with a key of its own (ECDSA over P-256, SHA-256), as `cosign sign --key` does: a
/// manifest beside the image whose layer is what was signed.
///
/// ```java
/// registry.push("app", CosignSigner.tag(image.digest()), signer.sign(image.digest(), name));
/// ```
public record CosignSigner(KeyPair keys) {

  private static final MediaType PAYLOAD =
      new MediaType("application/vnd.dev.cosign.simplesigning.v1+json");

  /// One with a new key.
  public static CosignSigner withNewKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      return new CosignSigner(generator.generateKeyPair());
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException(missing);
    }
  }

  /// The tag under which signatures of an image lie in its repository.
  public static String tag(Digest image) {
    return image.toString().replace(':', '-') + ".sig";
  }

  /// The signature of an image.
  ///
  /// @param reference what the image is called: `registry.example/app`
  public BuiltImage sign(Digest image, String reference) {
    byte[] payload = payload(image, reference);
    try {
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(keys.getPrivate());
      signature.update(payload);
      String encoded = Base64.getEncoder().encodeToString(signature.sign());
      return new ImageBuilder()
          .layer(
              BuiltBlob.of(PAYLOAD, payload)
                  .annotations(Map.of("dev.cosignproject.cosign/signature", encoded)))
          .build();
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException(missing);
    }
  }

  private static byte[] payload(Digest image, String reference) {
    Map<String, Object> critical = new LinkedHashMap<>();
    critical.put("identity", Map.of("docker-reference", reference));
    critical.put("image", Map.of("docker-manifest-digest", image.toString()));
    critical.put("type", "cosign container image signature");
    Map<String, @Nullable Object> payload = new LinkedHashMap<>();
    payload.put("critical", critical);
    payload.put("optional", null);
    return JsonWriter.compact(JsonValue.of(payload));
  }

  /// The public key as a file has it (SubjectPublicKeyInfo, PEM).
  public String publicKey() {
    return PemText.of("PUBLIC KEY", keys.getPublic().getEncoded());
  }
}
