package io.sealift.registry;

import io.sealift.oci.Descriptor;
import io.sealift.oci.MediaType;
import io.sealift.oci.Reference;
import io.sealift.source.BlobStream;
import io.sealift.source.ImageSource;
import io.sealift.testing.BuiltBlob;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.ImageSourceContract;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.RegistryRequest;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

/// An image in a registry and a client to get it with, whose pauses are noted instead of waited
/// for; a test closes it.
final class Setting implements AutoCloseable {

  static final String PASSWORD = "correct horse battery";

  /// Bytes of the layer.
  static final int SIZE = 3_000_000;

  final InProcessRegistry registry;
  final byte[] bytes = new byte[SIZE];
  final BuiltImage image;
  final Descriptor layer;

  /// What was waited for.
  final List<Duration> pauses = new CopyOnWriteArrayList<>();

  Setting(InProcessRegistry registry) throws Exception {
    this.registry = registry;
    new Random(1).nextBytes(bytes);
    MediaType type = new MediaType("application/vnd.oci.image.layer.v1.tar");
    image = new ImageBuilder().layer(BuiltBlob.of(type, bytes)).build();
    layer = image.layers().getFirst().descriptor();
    registry.push("app", "v1", image);
  }

  static Setting plain() throws Exception {
    return new Setting(InProcessRegistry.start());
  }

  RegistryClient.Builder client() {
    boolean plain = registry.url().startsWith("http:");
    return RegistryClient.builder()
        .plainHttp(plain)
        .certificates(plain ? List.of() : List.of(registry.certificate()))
        .pause((delay, cancellation) -> pauses.add(delay));
  }

  ImageSource open() throws Exception {
    return open(client());
  }

  ImageSource open(RegistryClient.Builder client) throws Exception {
    return client.build().open(Reference.parse(registry.name("app", "v1")));
  }

  ImageSource open(Credentials credentials) throws Exception {
    return open(client().credentials(credentials));
  }

  static Credentials user(String password) {
    return new Credentials("alice", password.toCharArray());
  }

  /// Reads the layer whole.
  byte[] read(ImageSource source) throws Exception {
    return read(source, layer);
  }

  static byte[] read(ImageSource source, Descriptor blob) throws Exception {
    try (BlobStream stream = source.open(blob)) {
      return ImageSourceContract.drain(stream);
    }
  }

  /// The requests with the `Range` that they had.
  List<String> ranges() {
    return registry.requests().stream()
        .filter(request -> request.target().contains("/blobs/"))
        .map(request -> request.header("range"))
        .toList();
  }

  /// What was asked for, without the digest of the layer.
  List<String> requests() {
    return registry.requests().stream()
        .map(RegistryRequest::toString)
        .map(text -> text.replace(layer.digest().toString(), "LAYER"))
        .toList();
  }

  @Override
  public void close() {
    registry.close();
  }
}
