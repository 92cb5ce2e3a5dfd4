package io.sealift.cli.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sealift.testing.BuiltBlob;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.InProcessKeyBroker;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.crypt.LayerEncryptor;
import io.sealift.testing.guest.AnnotationPacket;
import io.sealift.testing.sign.CosignSigner;
import java.net.URI;
import java.security.SecureRandom;

/// Who owns the demonstration's image: encrypts its layers, signs it, and keeps the policy and all
/// keys in a key broker on a free port of 127.0.0.1, from the constructor until {@link #close}.
public final class DemoOwner implements AutoCloseable {

  /// Where the policy is that lets the owner's images in, and no others.
  public static final String POLICY = "kbs:///default/security-policy/demo";

  /// Where the key is that the keys of the layers are wrapped with.
  public static final String LAYER_KEY = "kbs:///default/layer-key/demo";

  /// Where the key is that signatures are checked with.
  public static final String SIGNING_KEY = "kbs:///default/signing-key/demo";

  private final SecureRandom random = new SecureRandom();
  private final CosignSigner signer = CosignSigner.withNewKey();
  private final byte[] layerKey = random(32);
  private final InProcessKeyBroker broker =
      new InProcessKeyBroker()
          .resource(path(POLICY), policy().getBytes(UTF_8))
          .resource(path(SIGNING_KEY), signer.publicKey().getBytes(UTF_8))
          .resource(path(LAYER_KEY), layerKey);

  /// Where the key broker is.
  public URI broker() {
    return broker.uri();
  }

  /// Encrypts a layer, and its key with one that the key broker has.
  public BuiltBlob encrypt(BuiltBlob layer) {
    LayerEncryptor encryptor = new LayerEncryptor(layer, random.nextLong());
    byte[] packet =
        AnnotationPacket.gcm(LAYER_KEY, layerKey, random(12), encryptor.privateOptions())
            .version2()
            .build();
    return encryptor.wrap("provider.attestation-agent", packet).build();
  }

  /// Publishes an image, and its signature beside it.
  ///
  /// @return what it is called
  public String publish(BuiltImage image, InProcessRegistry registry, String repository) {
    String name = registry.name(repository, "latest");
    registry.push(repository, "latest", image);
    BuiltImage signature = signer.sign(image.digest(), name.replaceFirst(":latest$", ""));
    registry.push(repository, CosignSigner.tag(image.digest()), signature);
    return name;
  }

  private static String policy() {
    return """
    {"default": [{"type": "sigstoreSigned", "keyPath": "%s",
      "signedIdentity": {"type": "matchRepository"}}]}
    """
        .formatted(SIGNING_KEY);
  }

  private static String path(String uri) {
    return uri.replace("kbs:///", "resource/");
  }

  private byte[] random(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  @Override
  public void close() {
    broker.close();
  }
}
