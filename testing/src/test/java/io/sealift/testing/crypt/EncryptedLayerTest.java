package io.sealift.testing.crypt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sealift.codec.JdkGzip;
import io.sealift.crypt.LayerKeys;
import io.sealift.failure.ImageException;
import io.sealift.oci.ImageName;
import io.sealift.oci.Platform;
import io.sealift.policy.Policy;
import io.sealift.pull.ImageClient;
import io.sealift.pull.ProgressListener;
import io.sealift.source.LayoutSource;
import io.sealift.testing.BuiltBlob;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.LayoutWriter;
import io.sealift.testing.Packing;
import io.sealift.testing.TarBuilder;
import io.sealift.testing.snapshot.PlainSnapshotter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// An encrypted layer on its whole way, and every way in which it can have been changed.
class EncryptedLayerTest {

  private static final byte[] TAR = new TarBuilder().file("motd", "secret".repeat(5000)).build();

  @TempDir Path directory;

  private static BuiltBlob layer(Packing packing) {
    return BuiltBlob.layer(TAR, packing, ImageBuilder.Form.OCI);
  }

  private static LayerEncryptor encryptor() {
    return new LayerEncryptor(layer(Packing.GZIP), 1);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static BuiltBlob opened(LayerEncryptor encryptor) {
    return OpenKeys.wrap(encryptor).build();
  }

  private String unpack(BuiltBlob layer) throws Exception {
    Path layout =
        new LayoutWriter()
            .add(new ImageBuilder().layer(layer).build())
            .writeTo(directory.resolve("layout"));
    ImageClient client =
        ImageClient.builder()
            .sources(name -> LayoutSource.directory(layout, null))
            .policy(Policy.insecureAcceptAnything("the test"))
            .snapshotter(new PlainSnapshotter())
            .workDir(directory.resolve("store"))
            .decompressors(List.of(new JdkGzip()))
            .keys(new LayerKeys(List.of(OpenKeys.INSTANCE)))
            .build();
    client.unpack(
        ImageName.parse("oci:" + layout),
        Platform.host(),
        directory.resolve("root"),
        ProgressListener.NONE);
    return Files.readString(directory.resolve("root/motd"));
  }

  @ParameterizedTest
  @EnumSource(names = {"TAR", "GZIP"})
  void comesOutAsItWas(Packing packing) throws Exception {
    assertEquals("secret".repeat(5000), unpack(opened(new LayerEncryptor(layer(packing), 1))));
  }

  @Test
  void opensWithTheFirstKeyThatCan() throws Exception {
    LayerEncryptor encryptor = encryptor();
    encryptor
        .wrapRaw("aaa", "?")
        .wrap("plain", bytes("locked"), OpenKeys.wrapped(encryptor))
        .wrap("zzz", new byte[1]);
    assertEquals("secret".repeat(5000), unpack(encryptor.build()));
  }

  @Test
  void doesNotCareForANonceThatAnybodyCouldHaveAdded() throws Exception {
    String zeros = LayerEncryptor.base64(new byte[16]);
    assertEquals(
        "secret".repeat(5000),
        unpack(opened(encryptor().publicOption("cipheroptions", Map.of("nonce", zeros)))));
  }

  @Test
  void doesWithoutTheDigestThatSomeToolsLeaveOut() throws Exception {
    assertEquals("secret".repeat(5000), unpack(opened(encryptor().privateOption("digest", ""))));
  }

  @Test
  void takesTheDigestOfTheTarForThatOfTheLayer() throws Exception {
    assertEquals(
        "secret".repeat(5000),
        unpack(opened(encryptor().privateOption("digest", layer(Packing.GZIP).diffId()))));
  }

  static List<Arguments> changes() {
    String hmac = "the HMAC is wrong; the layer, its public options or its key were changed";
    String ask = "; name one with --decryption-key or a key provider";
    String otherKey = LayerEncryptor.base64(new byte[32]);
    String zeros = LayerEncryptor.base64(new byte[16]);
    return List.of(
        change("flipped ciphertext", 6, "verify layer", blob -> blob.bytes(flipped(blob.bytes()))),
        change("ciphertext flipped and described", 6, hmac, EncryptedLayerTest::redescribed),
        change(
            "truncated",
            6,
            "verify layer",
            blob -> blob.bytes(java.util.Arrays.copyOf(blob.bytes(), 40))),
        options("another HMAC", 6, hmac, e -> e.publicOption("hmac", otherKey)),
        options(
            "empty HMAC",
            6,
            "expected an HMAC of 32 bytes, found 0",
            e -> e.publicOption("hmac", "")),
        options("HMAC no base64", 6, "the HMAC is not base64", e -> e.publicOption("hmac", "*")),
        options(
            "another cipher",
            1,
            "cipher 'AES', expected AES_256_CTR_HMAC_SHA256",
            e -> e.publicOption("cipher", "AES")),
        options("another key", 6, hmac, e -> e.privateOption("symkey", otherKey)),
        options(
            "another nonce",
            6,
            "verify decrypted layer",
            e -> e.privateOption("cipheroptions", Map.of("nonce", zeros))),
        options(
            "another nonce and no digest",
            7,
            "",
            e ->
                e.privateOption("digest", "")
                    .privateOption("cipheroptions", Map.of("nonce", zeros))),
        options(
            "the nonce in the public options only",
            5,
            "(plain: the private nonce has 0 bytes, expected 16)" + ask,
            e ->
                e.privateOption("cipheroptions", Map.of())
                    .publicOption("cipheroptions", Map.of("nonce", zeros))),
        options(
            "a short key",
            5,
            "(plain: the key has 16 bytes, expected 32)" + ask,
            e -> e.privateOption("symkey", zeros)),
        options(
            "the digest of another layer",
            6,
            "verify decrypted layer",
            e -> e.privateOption("digest", "sha256:" + "0".repeat(64))),
        change(
            "a key that opens another layer",
            6,
            hmac,
            blob ->
                opened(new LayerEncryptor(layer(Packing.TAR), 2))
                    .bytes(blob.bytes())
                    .digest(blob.digest())
                    .size(blob.size())
                    .mediaType(blob.mediaType())),
        change(
            "no public options",
            6,
            "expected public options",
            blob -> blob.annotations(Map.of("org.opencontainers.image.enc.keys.plain", "AA=="))),
        change("no wrapped key", 5, "(it has no wrapped key)" + ask, blob -> encryptor().build()),
        change(
            "a key that is locked",
            5,
            "(plain: it is locked)" + ask,
            blob -> encryptor().wrap("plain", new byte[3], new byte[3]).build()),
        change(
            "keys of other schemes",
            5,
            "(jwe: nothing here opens such keys; pgp: nothing here opens such keys)" + ask,
            blob -> encryptor().wrap("jwe", new byte[1]).wrap("pgp", new byte[1]).build()),
        change(
            "a wrapped key that is no base64",
            5,
            "(plain: the wrapped key is not base64)" + ask,
            blob -> encryptor().wrapRaw("plain", "AA==,?").build()));
  }

  private static Arguments change(
      String name, int exitStatus, String message, UnaryOperator<BuiltBlob> change) {
    return Arguments.of(name, exitStatus, message, change.apply(opened(encryptor())));
  }

  private static Arguments options(
      String name, int exitStatus, String message, UnaryOperator<LayerEncryptor> change) {
    return Arguments.of(name, exitStatus, message, opened(change.apply(encryptor())));
  }

  private static byte[] flipped(byte[] bytes) {
    byte[] changed = bytes.clone();
    changed[changed.length / 2] ^= 1;
    return changed;
  }

  private static BuiltBlob redescribed(BuiltBlob blob) {
    return blob.bytes(flipped(blob.bytes())).digestedBy(io.sealift.oci.DigestAlgorithm.SHA256);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("changes")
  void refusesWhatWasChanged(String name, int exitStatus, String message, BuiltBlob layer) {
    ImageException refusal = assertThrows(ImageException.class, () -> unpack(layer));
    assertEquals(exitStatus, refusal.exitStatus(), refusal.getMessage());
    assertEquals("", refusal.getMessage().contains(message) ? "" : refusal.getMessage(), message);
    assertFalse(Files.exists(directory.resolve("root")));
  }

  @Test
  void showsNothingOfAKey() throws Exception {
    String symkey = "c2VjcmV0".repeat(5) + "c2U=";
    ImageException refusal =
        assertThrows(
            ImageException.class,
            () ->
                unpack(
                    encryptor()
                        .wrap("plain", bytes("open:{\"symkey\":\"" + symkey + "\"}x"))
                        .build()));
    assertFalse(refusal.getMessage().contains("c2VjcmV0"), refusal.getMessage());
  }
}
