package io.sealift.testing.crypt;

import io.sealift.crypt.Decryption;
import io.sealift.crypt.JcaCipher;
import io.sealift.crypt.KeyUnwrapper;
import io.sealift.crypt.LayerKeys;
import io.sealift.failure.ImageException;
import io.sealift.oci.Descriptor;
import io.sealift.oci.DiffId;
import io.sealift.oci.ImageName;
import io.sealift.oci.Platform;
import io.sealift.source.LayoutSource;
import io.sealift.source.Resolved;
import io.sealift.source.Resolver;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.LayoutWriter;
import io.sealift.verify.JcaHashing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// An image that the real skopeo encrypted, in a layout directory.
///
/// @param layout where it is, under the name `v1`
public record SkopeoEncryption(Path layout) {

  private static final String NAME = "v1";

  /// Has skopeo encrypt all layers of an image.
  ///
  /// @param directory for what is written
  /// @param environment in addition to this process's own
  /// @param recipients as skopeo takes them: `pgp:ada@example.org`, `pkcs7:certificate.pem`
  public static SkopeoEncryption of(
      BuiltImage image, Path directory, Map<String, String> environment, List<String> recipients)
      throws IOException, InterruptedException {
    Path plain = new LayoutWriter().add(image, NAME).writeTo(directory.resolve("plain"));
    Path encrypted = directory.resolve("encrypted");
    List<String> command = new ArrayList<>(List.of("skopeo", "copy", "--insecure-policy"));
    recipients.forEach(recipient -> command.addAll(List.of("--encryption-key", recipient)));
    command.addAll(List.of("oci:" + plain + ":" + NAME, "oci:" + encrypted + ":" + NAME));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process skopeo = builder.start();
    String said = new String(skopeo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (skopeo.waitFor() != 0) {
      throw new IllegalStateException(said);
    }
    return new SkopeoEncryption(encrypted);
  }

  /// The layers, decrypted and proved, base first.
  public List<byte[]> open(KeyUnwrapper unwrapper)
      throws ImageException, IOException, InterruptedException {
    LayerKeys keys = new LayerKeys(List.of(unwrapper));
    List<byte[]> layers = new ArrayList<>();
    try (LayoutSource source = LayoutSource.directory(layout, NAME)) {
      Resolved image =
          new Resolver(new JcaHashing())
              .resolve(new ImageName.InLayout(layout, NAME), source, Platform.host());
      List<DiffId> diffIds = image.config().diffIds();
      for (Descriptor layer : image.manifest().layers()) {
        layers.add(decrypted(layer, diffIds.get(layers.size()), keys));
      }
    }
    return layers;
  }

  private byte[] decrypted(Descriptor layer, DiffId diffId, LayerKeys keys)
      throws ImageException, IOException, InterruptedException {
    byte[] bytes = Files.readAllBytes(layout.resolve("blobs/sha256").resolve(layer.digest().hex()));
    try (Decryption decryption = keys.open(layer)) {
      if (decryption == null) {
        throw new IllegalStateException("a layer is not encrypted: " + layer);
      }
      try (Decryption.Stream stream = decryption.begin(new JcaCipher(), new JcaHashing(), diffId)) {
        stream.decrypt(ByteBuffer.wrap(bytes));
        stream.complete();
      }
    }
    return bytes;
  }
}
