package io.sealift.simple;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.AuthenticationException;
import io.sealift.failure.BadReferenceException;
import io.sealift.failure.ImageException;
import io.sealift.failure.NotFoundException;
import io.sealift.failure.StoreException;
import io.sealift.failure.TransferException;
import io.sealift.oci.Digest;
import io.sealift.oci.ImageName;
import io.sealift.oci.Platform;
import io.sealift.policy.Material;
import io.sealift.source.ImageSource;
import io.sealift.source.LayoutSource;
import io.sealift.source.Resolved;
import io.sealift.source.Resolver;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.Fault;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.LayoutWriter;
import io.sealift.testing.TarBuilder;
import io.sealift.verify.JcaHashing;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Where signatures are found, and how many of them.
class SimpleSigningTest {

  private static final BuiltImage IMAGE =
      new ImageBuilder().layer(new TarBuilder().file("a", "x").build()).build();
  private static final BuiltImage INDEX = ImageBuilder.index(Map.of(Platform.host(), IMAGE));

  private static TestKey key;

  @TempDir Path store;

  private InProcessRegistry registry;

  @BeforeAll
  static void makeKey() throws Exception {
    key = TestKey.usual();
  }

  @BeforeEach
  void open() {
    registry = InProcessRegistry.start();
  }

  @AfterEach
  void close() {
    registry.close();
  }

  private String name() {
    return registry.name("ns/app", "v1");
  }

  private String inFiles() {
    return "default-docker: {lookaside: 'file://%s'}".formatted(store);
  }

  private String onTheWeb() {
    return "default-docker: {lookaside: '%s/store?token=secret'}".formatted(registry.url());
  }

  private static String folder(Digest manifest) {
    return "ns/app@sha256=" + manifest.hex();
  }

  private byte[] signature(Digest manifest) throws Exception {
    return Messages.signed(Messages.payload(manifest, name()), key.signing());
  }

  private static String proven(String name, Digest manifest) {
    return "proven %s %s %s".formatted(key.fingerprint(), name, manifest);
  }

  private Path file(Digest manifest, int number, byte[] bytes) throws Exception {
    Path file = store.resolve(folder(manifest)).resolve("signature-" + number);
    Files.createDirectories(file.getParent());
    return Files.write(file, bytes);
  }

  private void page(Digest manifest, int number, byte[] bytes) {
    registry.file("/store/%s/signature-%d".formatted(folder(manifest), number), bytes);
  }

  private Examined examine(String lookasides) throws Exception {
    return Examined.of(registry, name(), lookasides, key.material());
  }

  /// Requests for signature files, by the ends of their paths.
  private List<String> asked() {
    return registry.requests().stream()
        .filter(request -> request.path().startsWith("/store/"))
        .map(request -> request.target().replaceFirst(".*/", ""))
        .toList();
  }

  @Test
  void signaturesInFilesAreFoundInOrder() throws Exception {
    registry.push("ns/app", "v1", IMAGE);
    file(IMAGE.digest(), 1, "nonsense".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    Path second = file(IMAGE.digest(), 2, signature(IMAGE.digest()));
    file(IMAGE.digest(), 4, signature(IMAGE.digest()));
    Examined examined = examine(inFiles());
    assertEquals(List.of(store + "/" + folder(IMAGE.digest())), examined.places());
    assertEquals(
        List.of(
            "it is no simple signature: it begins with byte 0x6e", proven(name(), IMAGE.digest())),
        examined.verdicts());
    assertEquals(second.toString(), examined.signaturePlaces().get(1));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void signaturesOnTheWebAreFoundInOrder(boolean https) throws Exception {
    if (https) {
      registry.close();
      registry = InProcessRegistry.builder().https().start();
    }
    registry.push("ns/app", "v1", IMAGE);
    page(IMAGE.digest(), 1, signature(IMAGE.digest()));
    page(IMAGE.digest(), 2, signature(IMAGE.digest()));
    Examined examined = examine(onTheWeb());
    String place = registry.url() + "/store/" + folder(IMAGE.digest());
    assertEquals(List.of(place), examined.places());
    assertEquals(
        List.of(proven(name(), IMAGE.digest()), proven(name(), IMAGE.digest())),
        examined.verdicts());
    assertEquals(
        List.of(place + "/signature-1", place + "/signature-2"), examined.signaturePlaces());
    assertEquals(
        List.of("signature-1?token=secret", "signature-2?token=secret", "signature-3?token=secret"),
        asked());
  }

  @Test
  void signaturesOfTheIndexAreFoundAfterThoseOfTheManifest() throws Exception {
    registry.push("ns/app", "v1", INDEX);
    file(INDEX.digest(), 1, signature(INDEX.digest()));
    file(IMAGE.digest(), 1, signature(IMAGE.digest()));
    Examined examined = examine(inFiles());
    assertEquals(
        List.of(store + "/" + folder(IMAGE.digest()), store + "/" + folder(INDEX.digest())),
        examined.places());
    assertEquals(
        List.of(proven(name(), IMAGE.digest()), proven(name(), INDEX.digest())),
        examined.verdicts());
  }

  @Test
  void nothingIsLookedForWhenTheObserverHasEnough() throws Exception {
    registry.push("ns/app", "v1", INDEX);
    page(IMAGE.digest(), 1, signature(IMAGE.digest()));
    page(IMAGE.digest(), 2, signature(IMAGE.digest()));
    Examined examined =
        Examined.of(
            registry, name(), onTheWeb(), 1, InstantSource.fixed(TestKey.NOW), key.material());
    assertEquals(1, examined.signatures().size());
    assertEquals(1, asked().size());
  }

  /// Whether it is the image's is for the policy to say.
  @Test
  void aClaimIsReportedAsItWasSigned() throws Exception {
    registry.push("ns/app", "v1", IMAGE);
    file(IMAGE.digest(), 1, Messages.signed(Verdicts.PAYLOAD, key.signing()));
    assertEquals(
        List.of(proven(Messages.REFERENCE, Verdicts.DIGEST)), examine(inFiles()).verdicts());
  }

  @Test
  void withoutAnySignatureOnlyThePlaceIsTold() throws Exception {
    registry.push("ns/app", "v1", IMAGE);
    Examined examined = examine("");
    assertEquals(List.of("/nothing/there/" + folder(IMAGE.digest())), examined.places());
    assertEquals(List.of(), examined.verdicts());
  }

  @Test
  void notMoreThanABoundedNumberIsExamined() throws Exception {
    registry.push("ns/app", "v1", IMAGE);
    byte[] foreign = Messages.signed(Verdicts.PAYLOAD, TestKey.usual().signing());
    IntStream.rangeClosed(1, 10_000).forEach(number -> page(IMAGE.digest(), number, foreign));
    Examined examined = examine(onTheWeb());
    assertEquals(129, examined.signatures().size());
    assertEquals(128, asked().size());
    assertEquals(
        "not looked for: no more than 128 signatures of a manifest are examined",
        examined.verdicts().getLast());
    assertTrue(examined.signaturePlaces().getLast().endsWith("/signature-129"));
  }

  @Test
  void aLargeSignatureKeepsNoOtherFromBeingSeen() throws Exception {
    registry.push("ns/app", "v1", IMAGE);
    try (RandomAccessFile sparse =
        new RandomAccessFile(file(IMAGE.digest(), 1, new byte[0]).toFile(), "rw")) {
      sparse.setLength(1L << 30);
    }
    file(IMAGE.digest(), 2, signature(IMAGE.digest()));
    List<String> expected =
        List.of("it has more than the 4194304 bytes allowed", proven(name(), IMAGE.digest()));
    assertEquals(expected, examine(inFiles()).verdicts());
    page(IMAGE.digest(), 1, new byte[1]);
    page(IMAGE.digest(), 2, signature(IMAGE.digest()));
    registry.plan("/signature-1", Fault.endless());
    assertEquals(expected, examine(onTheWeb()).verdicts());
  }

  @Test
  void aSignatureOfTheLargestSizeIsRead() throws Exception {
    registry.push("ns/app", "v1", IMAGE);
    byte[] signature = signature(IMAGE.digest());
    byte[] large = java.util.Arrays.copyOf(signature, SignatureStore.MAX_BYTES);
    file(IMAGE.digest(), 1, large);
    assertEquals(
        List.of("malformed OpenPGP: byte 0x00 begins no packet"), examine(inFiles()).verdicts());
  }

  static Stream<Arguments> closedStores() {
    return Stream.of(
        Arguments.of(Fault.status(500, ""), TransferException.class),
        Arguments.of(Fault.status(400, ""), TransferException.class),
        Arguments.of(Fault.status(403, ""), AuthenticationException.class),
        Arguments.of(Fault.cut(1), TransferException.class),
        Arguments.of(
            Fault.redirect(302, path -> "http://169.254.169.254" + path), TransferException.class));
  }

  @ParameterizedTest
  @MethodSource("closedStores")
  void aWebServerThatDoesNotSayIsAFailure(Fault fault, Class<? extends ImageException> type)
      throws Exception {
    registry.push("ns/app", "v1", IMAGE).plan("/signature-2", fault);
    page(IMAGE.digest(), 1, signature(IMAGE.digest()));
    page(IMAGE.digest(), 2, signature(IMAGE.digest()));
    assertThrows(type, () -> examine(onTheWeb()));
  }

  @Test
  void whatCannotBeReadOrIsNoFileIsAFailure() throws Exception {
    registry.push("ns/app", "v1", IMAGE);
    Path second = file(IMAGE.digest(), 1, signature(IMAGE.digest())).resolveSibling("signature-2");
    Files.createSymbolicLink(second, second.getFileName());
    assertThrows(StoreException.class, () -> examine(inFiles()));
    Files.delete(second);
    Files.createDirectory(second);
    StoreException refused = assertThrows(StoreException.class, () -> examine(inFiles()));
    assertEquals("read signature %s: expected a file".formatted(second), refused.getMessage());
    Files.delete(second);
    Files.createSymbolicLink(second, Path.of("/dev/zero"));
    assertThrows(StoreException.class, () -> examine(inFiles()));
    Files.delete(second);
    Files.createSymbolicLink(second, Path.of("nothing"));
    assertEquals(1, examine(inFiles()).signatures().size());
  }

  @Test
  void malformedSettingsAreAFailure() {
    registry.push("ns/app", "v1", IMAGE);
    assertThrows(BadReferenceException.class, () -> examine("docker: ["));
    assertThrows(
        BadReferenceException.class, () -> examine("default-docker: {lookaside: 'ftp://x'}"));
  }

  @Test
  void nothingIsAskedWhenAKeyCannotBeRead() throws Exception {
    registry.push("ns/app", "v1", IMAGE);
    Material missing = new Material.At(store.resolve("missing.gpg").toString());
    assertThrows(
        NotFoundException.class,
        () -> Examined.of(registry, name(), onTheWeb(), key.material(), missing));
    assertEquals(List.of(), asked());
  }

  @Test
  void aKeyThatChangedCountsAtOnce() throws Exception {
    registry.push("ns/app", "v1", IMAGE);
    file(IMAGE.digest(), 1, signature(IMAGE.digest()));
    Path ring = Files.write(store.resolve("ring.gpg"), key.ring());
    Material material = new Material.At(ring.toString());
    assertEquals(
        List.of(proven(name(), IMAGE.digest())),
        Examined.of(registry, name(), inFiles(), material).verdicts());
    Files.write(ring, TestKey.usual().ring());
    assertEquals(
        List.of(
            "key %s made it, which is not among the trusted ones"
                .formatted(key.fingerprint().substring(24))),
        Examined.of(registry, name(), inFiles(), material).verdicts());
  }

  @Test
  void whatTheRegistryKeepsGoesBeforeTheStore() throws Exception {
    registry.close();
    registry = InProcessRegistry.builder().keepsSignatures().anonymousTokens().start();
    registry.push("ns/app", "v1", IMAGE);
    String image = IMAGE.digest().toString();
    registry.keep("ns/app", image, new byte[] {1}).keep("ns/app", image, signature(IMAGE.digest()));
    file(IMAGE.digest(), 1, signature(IMAGE.digest()));
    Examined examined = examine(inFiles());
    String place = "signatures of %s in %s/v2/ns/app".formatted(image, registry.url());
    assertEquals(List.of(place), examined.places());
    assertEquals(
        List.of("malformed OpenPGP: byte 0x01 begins no packet", proven(name(), IMAGE.digest())),
        examined.verdicts());
    assertEquals(List.of(place + ", number 1", place + ", number 2"), examined.signaturePlaces());
  }

  @Test
  void whereTheRegistryKeepsNoneTheStoreIsAsked() throws Exception {
    registry.close();
    registry = InProcessRegistry.builder().keepsSignatures().start();
    registry.push("ns/app", "v1", INDEX);
    registry.keep("ns/app", INDEX.digest().toString(), signature(INDEX.digest()));
    file(IMAGE.digest(), 1, signature(IMAGE.digest()));
    assertEquals(
        List.of(proven(name(), IMAGE.digest()), proven(name(), INDEX.digest())),
        examine(inFiles()).verdicts());
  }

  @Test
  void imagesThatAreInNoRegistryHaveNoSignatures() throws Exception {
    Path layout = new LayoutWriter().add(IMAGE).writeTo(store.resolve("layout"));
    try (ImageSource source = LayoutSource.directory(layout, null)) {
      Resolved image =
          new Resolver(new JcaHashing())
              .resolve(new ImageName.InLayout(layout, null), source, Platform.host());
      SimpleSigning simple =
          new SimpleSigning(
              () -> {
                throw new AssertionError("no store is looked for");
              },
              io.sealift.registry.RegistryClient.builder().build()::documents,
              InstantSource.fixed(TestKey.NOW));
      Examined examined = Examined.of(simple, image, source, 1, key.material());
      assertEquals(new Examined(new ArrayList<>(), new ArrayList<>()), examined);
    }
  }
}
