package io.sealift.cli.doctor;

import io.sealift.cli.console.Sizes;
import io.sealift.cli.console.Surroundings;
import io.sealift.cli.options.PolicyOptions;
import io.sealift.linux.library.Loaded;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Looks at this machine, one topic after the other.
public final class Examination {

  /// Free space below which a pull of a usual image is likely to fail (1 GiB).
  private static final long LITTLE_SPACE = 1L << 30;

  private static final String AOT_CACHE = "-XX:AOTCache=";

  private final Surroundings surroundings;
  private final MachineFacts facts;
  private final List<Finding> findings = new ArrayList<>();

  public Examination(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.facts = new MachineFacts(surroundings);
  }

  /// What was found so far, in the order of looking.
  public List<Finding> findings() {
    return List.copyOf(findings);
  }

  public void add(Finding finding) {
    findings.add(finding);
  }

  /// The JVM and how it was started.
  public void java() {
    add(
        Finding.good(
            "java",
            Runtime.version() + ", " + System.getProperty("java.home"),
            "heap of at most " + Sizes.format(Runtime.getRuntime().maxMemory())));
    String[] arguments = ProcessHandle.current().info().arguments().orElse(new String[0]);
    Optional<Path> cache =
        Arrays.stream(arguments)
            .filter(argument -> argument.startsWith(AOT_CACHE))
            .map(argument -> Path.of(argument.substring(AOT_CACHE.length())))
            .filter(Files::isReadable)
            .findFirst();
    add(
        cache
            .map(file -> Finding.good("AOT cache", file.toString(), "starts fast"))
            .orElseGet(() ->
                Finding.fallback(
                    "AOT cache", "none", "starts slowly; run ./sealift, which makes one")));
  }

  public void kernel() {
    String release = facts.setting("/proc/sys/kernel/osrelease", "of unknown version");
    add(Finding.good("kernel", "Linux " + release + ", " + System.getProperty("os.arch"), ""));
  }

  /// Who runs this, and what that allows.
  public void user() {
    String user = System.getProperty("user.name", "?");
    if (surroundings.inOwnNamespace()) {
      add(Finding.good("user", "in a user namespace", "owners are kept as subordinate ids"));
    } else if (surroundings.isRoot()) {
      add(Finding.good("user", user, "owners, devices and capabilities are kept"));
    } else {
      ordinaryUser(user);
    }
  }

  private void ordinaryUser(String user) {
    List<String> missing = new ArrayList<>();
    for (String program : List.of("unshare", "newuidmap", "newgidmap")) {
      if (facts.program(program).isEmpty()) {
        missing.add(program);
      }
    }
    if (!facts.hasSubordinateIds(user)) {
      missing.add("ids in /etc/subuid and /etc/subgid");
    }
    String meaning =
        missing.isEmpty()
            ? "commands that write files run in a user namespace and keep owners"
            : "owners are not kept for want of " + String.join(", ", missing);
    add(
        missing.isEmpty()
            ? Finding.good("user", user, meaning)
            : Finding.fallback("user", user, meaning));
  }

  /// Whether ordinary users may make user namespaces.
  public void userNamespaces() {
    List<String> obstacles = new ArrayList<>();
    obstacle(obstacles, "user.max_user_namespaces", "0", "0");
    obstacle(obstacles, "kernel.unprivileged_userns_clone", "0", "1");
    obstacle(obstacles, "kernel.apparmor_restrict_unprivileged_userns", "1", "0");
    add(
        obstacles.isEmpty()
            ? Finding.good("user namespaces", "allowed", "")
            : Finding.fallback(
                "user namespaces",
                String.join(", ", obstacles),
                "ordinary users cannot keep owners until that is changed"));
  }

  private void obstacle(List<String> obstacles, String setting, String wrong, String absent) {
    if (facts.setting("/proc/sys/" + setting.replace('.', '/'), absent).equals(wrong)) {
      obstacles.add(setting + "=" + wrong);
    }
  }

  /// The file system that the store is on.
  public void workDir(Path workDir) {
    String topic = "work directory";
    Path place = nearest(workDir);
    try {
      FileStore files = Files.getFileStore(place);
      long free = files.getUsableSpace();
      String found = "%s, %s, %s free".formatted(workDir, files.type(), Sizes.format(free));
      if (!Files.isWritable(place)) {
        add(Finding.bad(topic, found, place + " cannot be written; choose with --work-dir"));
      } else if (free < LITTLE_SPACE) {
        add(Finding.fallback(topic, found, "little space for images is left there"));
      } else {
        add(Finding.good(topic, found, ""));
      }
    } catch (IOException refused) {
      add(Finding.bad(topic, workDir.toString(), String.valueOf(refused.getMessage())));
    }
  }

  /// The directory itself, or the nearest one above it that exists.
  public static Path nearest(Path directory) {
    Path nearest = directory;
    while (!Files.isDirectory(nearest) && nearest.getParent() != null) {
      nearest = nearest.getParent();
    }
    return nearest;
  }

  /// Whether layers can be stacked by mounts.
  ///
  /// @param obstacle why not; null when they can
  public void overlay(@Nullable String obstacle) {
    add(
        obstacle == null
            ? Finding.good("overlay", "mounts", "layers are stacked without copying")
            : Finding.fallback("overlay", obstacle, "layers are copied"));
  }

  /// A library of this machine, and what takes its place when it is not there.
  ///
  /// @param use what it does here: `inflates`
  /// @param instead what does the same otherwise
  public <T> void library(
      String topic, Loaded<T> loaded, Function<T, String> name, String use, String instead) {
    add(
        switch (loaded) {
          case Loaded.Present<T>(T value) -> Finding.good(topic, name.apply(value), use);
          case Loaded.Absent<T>(String file, String reason) ->
              Finding.fallback(topic, file + " " + reason, instead);
        });
  }

  /// Programs that start bundles.
  public void runtimes() {
    List<String> found = new ArrayList<>();
    for (String name : List.of("crun", "runc", "youki", "runsc")) {
      facts.program(name).ifPresent(program -> found.add(program.toString()));
    }
    add(
        found.isEmpty()
            ? Finding.fallback(
                "OCI runtime", "none", "bundles are made but cannot run; install runc or crun")
            : Finding.good("OCI runtime", String.join(", ", found), "starts bundles"));
    add(
        facts.text("/sys/fs/cgroup/cgroup.controllers").isPresent()
            ? Finding.good("cgroups", "version 2", "")
            : Finding.fallback(
                "cgroups", "not version 2 alone", "crun may want a cgroup2 mount of its own"));
  }

  /// Which policy holds when no option names one.
  public void policy() {
    Optional<String> file = PolicyOptions.byDefault(surroundings);
    add(
        file.map(found -> Finding.good("policy", found, ""))
            .orElseGet(() ->
                Finding.fallback(
                    "policy", "none", "images are refused without --policy or --insecure-policy")));
  }
}
