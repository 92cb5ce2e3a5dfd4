package io.sealift.testing;

import io.sealift.oci.DigestAlgorithm;
import io.sealift.testing.TarMember.Dialect;
import io.sealift.verify.Hasher;
import io.sealift.verify.JcaHashing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/// Packs a layer by gzip while its tar is being written, so that of a large tar only the packed
/// bytes are held. From the constructor until {@link #build}.
///
/// ```java
/// LayerStream layer = new LayerStream();
/// for (int i = 0; i < 100_000; i++) {
///   layer.add(TarMember.file("f" + i, "x"));
/// }
/// BuiltImage image = new ImageBuilder().layer(layer.build()).build();
/// ```
public final class LayerStream {

  private final ByteArrayOutputStream packed = new ByteArrayOutputStream();
  private final Hasher plain = new JcaHashing().open(DigestAlgorithm.SHA256);
  private final GZIPOutputStream gzip;

  public LayerStream() {
    try {
      gzip =
          new GZIPOutputStream(packed) {
            {
              def.setLevel(Deflater.BEST_SPEED);
            }
          };
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /// A member, PAX unless it asks for another dialect.
  public LayerStream add(TarMember member) {
    return raw(new TarBuilder(Dialect.PAX).add(member).withoutTrailer());
  }

  /// Bytes of tar as they are.
  public LayerStream raw(byte... bytes) {
    try {
      gzip.write(bytes);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    plain.update(ByteBuffer.wrap(bytes));
    return this;
  }

  /// Ends the tar and describes the layer truly, as an OCI one.
  public BuiltBlob build() {
    raw(new TarBuilder().build());
    try (plain) {
      gzip.close();
      return BuiltBlob.of(
              ImageBuilder.Form.OCI.layer(Packing.GZIP.compression()), packed.toByteArray())
          .diffId(plain.digest().toString());
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }
}
