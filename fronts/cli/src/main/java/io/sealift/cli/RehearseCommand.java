package io.sealift.cli;

import io.sealift.cli.console.Surroundings;
import io.sealift.cli.demo.DemoImage;
import io.sealift.cli.demo.DemoOwner;
import io.sealift.failure.ImageException;
import io.sealift.failure.StoreException;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.crypt.JweRecipient;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "rehearse",
    hidden = true,
    description =
        "Runs the usual commands on a small image and shows nothing of them, so that the JVM can"
            + " write down what they need (its AOT cache).",
    footer = "  sealift rehearse")
final class RehearseCommand extends BaseCommand {

  /// What is written down is loaded at every start, needed or not.
  @Option(
      names = "--plain",
      description = "Leave out signatures, keys of layers and help, for a smaller cache.")
  private boolean plain;

  RehearseCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  Integer run() throws ImageException, InterruptedIOException {
    try {
      Path place = Files.createTempDirectory("sealift-rehearsal");
      try (InProcessRegistry registry = InProcessRegistry.start()) {
        registry.push("plain", "latest", DemoImage.build(layer -> layer));
        rehearse(registry.name("plain", "latest"), place);
        if (!plain) {
          rehearseRest(registry, place);
        }
      } finally {
        new Assembly(surroundings).files().remove(place);
      }
    } catch (InterruptedIOException interrupted) {
      throw interrupted;
    } catch (IOException refused) {
      throw new StoreException("rehearse: " + refused, refused);
    }
    return Program.DONE;
  }

  private void rehearse(String image, Path place) throws IOException {
    String store = "--work-dir=" + place.resolve("store");
    String bundle = place.resolve("bundle").toString();
    run("--version");
    run("pull", image, "--bundle", bundle, "--plain-http", "--insecure-policy", store);
    run("images", store);
    run("inspect", image, "--plain-http");
    run("ls", image, "--plain-http", "--insecure-policy", "-lR");
    run("cat", image, "etc/passwd", "--plain-http", "--insecure-policy");
    String tree = place.resolve("tree").toString();
    run("unpack", image, tree, "--plain-http", "--insecure-policy");
    run("mounts", store);
    run("fsck", store);
    run("unmount", bundle, store);
    run("rm", image, store);
  }

  private void rehearseRest(InProcessRegistry registry, Path place)
      throws ImageException, IOException {
    run("--help");
    for (String name : Commands.NAMES) {
      run(name, "--help");
    }
    try (DemoOwner owner = new DemoOwner()) {
      String guarded = owner.publish(DemoImage.build(owner::encrypt), registry, "guarded");
      rehearseGuarded(guarded, owner, place);
      JweRecipient recipient = JweRecipient.withNewKey("RSA");
      String locked = owner.publish(DemoImage.build(recipient::encrypt), registry, "locked");
      rehearseLocked(locked, recipient, place);
      run("verify", locked, "--plain-http", "--insecure-policy");
      run("places", locked, "--registries-conf=" + settings(place));
    }
    run("doctor", "--work-dir=" + place.resolve("store"));
  }

  private static Path settings(Path place) throws IOException {
    return Files.writeString(
        place.resolve("registries.conf"),
        """
        unqualified-search-registries = ["registry.example"] # and no other
        short-name-mode = 'permissive'
        [aliases]
        "app" = "registry.example/app"
        [[registry]]
        prefix = "registry.example"
        location = "registry.example"
        [[registry.mirror]]
        location = "mirror.example"
        insecure = false
        """);
  }

  /// Signed, encrypted, with all keys at a key broker.
  private void rehearseGuarded(String image, DemoOwner owner, Path place) {
    run(
        surroundings.with("AA_KBC_PARAMS", "cc_kbc::" + owner.broker()),
        "unpack",
        image,
        place.resolve("guarded").toString(),
        "--plain-http",
        "--policy=" + DemoOwner.POLICY);
  }

  /// Encrypted for a private key in a file.
  private void rehearseLocked(String image, JweRecipient recipient, Path place) throws IOException {
    Path key = Files.writeString(place.resolve("key"), recipient.privateKey());
    String tree = place.resolve("locked").toString();
    String keyOption = "--decryption-key=" + key;
    run("unpack", image, tree, "--plain-http", "--insecure-policy", keyOption);
  }

  /// A command whose results are of no interest; what went wrong is told.
  private void run(String... arguments) {
    run(surroundings, arguments);
  }

  private void run(Surroundings around, String... arguments) {
    Surroundings quiet =
        new Surroundings(
            new PrintStream(OutputStream.nullOutputStream()),
            surroundings.err(),
            false,
            false,
            around.environment(),
            around.configuration(),
            _ -> Optional.empty());
    int status = new Program(quiet).run(arguments);
    detail(String.join(" ", arguments) + ": " + status);
  }
}
