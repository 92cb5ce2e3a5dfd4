package io.sealift.cri;

import io.sealift.failure.ImageException;
import io.sealift.service.Log;
import io.sealift.service.PlatformLogs;
import java.io.InterruptedIOException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What is started: `sealift serve cri`.
@Command(
    name = "sealift serve cri",
    sortOptions = false,
    abbreviateSynopsis = true,
    versionProvider = ServeCommand.Version.class,
    optionListHeading = "%nOptions:%n",
    footerHeading = "%n",
    description = {
      "Answers kubelet and crictl as the image service of a node (Container Runtime Interface,"
          + " runtime.v1): brings images into the store, lists and removes them, each past the policy.",
      "SIGTERM ends the daemon when the calls that go on are done, and breaks them off when it comes"
          + " again. SIGHUP reads the settings again, for the pulls that follow."
    },
    footer = {
      "Exit status: 0 ended, 1 failed or calls were broken off, 2 bad usage.",
      "",
      "Examples:",
      "  sealift serve cri --policy /etc/containers/policy.json",
      "  crictl --image-endpoint unix:///run/sealift/cri.sock pull registry.example/app:v1",
      "  kubelet --image-service-endpoint unix:///run/sealift/cri.sock ..."
    })
final class ServeCommand implements Callable<Integer> {

  private final Map<String, String> environment;

  @Mixin ServeOptions options = new ServeOptions();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      order = 100,
      description = "Show this help and end.")
  boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      order = 101,
      description = "Show the version and end.")
  boolean version;

  ServeCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws ImageException, InterruptedIOException, InterruptedException {
    Log log = Log.toStandardError(options.log, options.logLevel);
    PlatformLogs.into(log);
    return new Daemon(options, environment, Version.text(), log).run();
  }

  /// The version that the module was built with.
  static final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
      return new String[] {"sealift-cri " + text()};
    }

    static String text() {
      var descriptor = Version.class.getModule().getDescriptor();
      return descriptor == null ? "unknown" : descriptor.rawVersion().orElse("unknown");
    }
  }
}
