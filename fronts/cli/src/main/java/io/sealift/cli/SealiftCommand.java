package io.sealift.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `sealift` itself: what its commands have in common is explained here.
@Command(
    name = "sealift",
    versionProvider = SealiftCommand.Version.class,
    description = {
      "Brings OCI container images into places that must not trust the road they came by: finds an"
          + " image, asks a policy, verifies every byte, unpacks it, and writes a bundle that runs.",
      "",
      "IMAGE is [docker://]HOST/REPOSITORY[:TAG][@DIGEST], oci:DIR[:NAME] or oci-archive:FILE[:NAME]."
    },
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Exit status: 0 done, 1 failed, 2 bad usage, 3 refused by policy, 4 not found,",
      "5 authentication, 6 integrity, 7 unsafe content, 130 interrupted.",
      "",
      "Examples:",
      "  sealift pull quay.io/prometheus/busybox --bundle /run/box",
      "  sealift inspect oci:/images/app:v1",
      "  sealift help pull"
    })
final class SealiftCommand implements Runnable {

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and end.")
  boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version and end.")
  boolean version;

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing command");
  }

  /// The version that the module was built with.
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      var descriptor = SealiftCommand.class.getModule().getDescriptor();
      String version =
          descriptor == null ? "of unknown version" : descriptor.rawVersion().orElse("unknown");
      return new String[] {"sealift " + version};
    }
  }
}
