package io.sealift.bundle;

import io.sealift.bundle.BundleOptions.Profile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a `config.json` has before the image has its say: the default specifications of
/// ocispec-rs's runtime module, which image-rs begins with, and of containerd (pkg/oci/spec.go,
/// mounts.go).
final class Defaults {

  static final String PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private static final List<String> IMAGE_RS_CAPABILITIES =
      List.of("CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE");

  private static final List<String> CONTAINERD_CAPABILITIES =
      List.of(
          "CAP_CHOWN",
          "CAP_DAC_OVERRIDE",
          "CAP_FSETID",
          "CAP_FOWNER",
          "CAP_MKNOD",
          "CAP_NET_RAW",
          "CAP_SETGID",
          "CAP_SETUID",
          "CAP_SETFCAP",
          "CAP_SETPCAP",
          "CAP_NET_BIND_SERVICE",
          "CAP_SYS_CHROOT",
          "CAP_KILL",
          "CAP_AUDIT_WRITE");

  private static final List<String> MASKED =
      List.of(
          "/proc/acpi",
          "/proc/asound",
          "/proc/kcore",
          "/proc/keys",
          "/proc/latency_stats",
          "/proc/timer_list",
          "/proc/timer_stats",
          "/proc/sched_debug",
          "/sys/firmware",
          "/proc/scsi");

  private static final List<String> READ_ONLY =
      List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

  private Defaults() {}

  static Map<String, Object> capabilities(Profile profile) {
    List<String> sets =
        switch (profile) {
          case IMAGE_RS -> List.of("bounding", "effective", "inheritable", "permitted", "ambient");
          case CONTAINERD -> List.of("bounding", "effective", "permitted");
        };
    List<String> capabilities =
        switch (profile) {
          case IMAGE_RS -> IMAGE_RS_CAPABILITIES;
          case CONTAINERD -> CONTAINERD_CAPABILITIES;
        };
    Map<String, Object> members = new LinkedHashMap<>();
    sets.forEach(set -> members.put(set, capabilities));
    return members;
  }

  static List<Map<String, Object>> mounts(Profile profile) {
    List<Map<String, Object>> mounts = new ArrayList<>();
    mounts.add(
        switch (profile) {
          case IMAGE_RS -> mount("/proc", "proc", "proc");
          case CONTAINERD -> mount("/proc", "proc", "proc", "nosuid", "noexec", "nodev");
        });
    mounts.add(mount("/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k"));
    mounts.add(
        mount(
            "/dev/pts",
            "devpts",
            "devpts",
            "nosuid",
            "noexec",
            "newinstance",
            "ptmxmode=0666",
            "mode=0620",
            "gid=5"));
    mounts.add(
        mount("/dev/shm", "tmpfs", "shm", "nosuid", "noexec", "nodev", "mode=1777", "size=65536k"));
    mounts.add(mount("/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev"));
    mounts.add(mount("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", "ro"));
    mounts.add(
        switch (profile) {
          case IMAGE_RS ->
              mount(
                  "/sys/fs/cgroup",
                  "cgroup",
                  "cgroup",
                  "nosuid",
                  "noexec",
                  "nodev",
                  "relatime",
                  "ro");
          case CONTAINERD ->
              mount("/run", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k");
        });
    return mounts;
  }

  /// Memory at a volume's path; containerd shows the image's own content there.
  static Map<String, Object> volume(Profile profile, String destination) {
    Map<String, Object> mount = new LinkedHashMap<>();
    mount.put("destination", destination);
    mount.put("type", "tmpfs");
    mount.put(
        "options",
        switch (profile) {
          case IMAGE_RS -> List.of("nosuid", "noexec", "nodev", "relatime", "rw");
          case CONTAINERD -> List.of("nosuid", "nodev", "relatime", "rw", "tmpcopyup");
        });
    return mount;
  }

  private static Map<String, Object> mount(
      String destination, String type, String source, String... options) {
    Map<String, Object> mount = new LinkedHashMap<>();
    mount.put("destination", destination);
    mount.put("type", type);
    mount.put("source", source);
    if (options.length > 0) {
      mount.put("options", List.of(options));
    }
    return mount;
  }

  static Map<String, Object> linux(Profile profile) {
    List<String> masked = new ArrayList<>(MASKED);
    List<String> namespaces =
        switch (profile) {
          case IMAGE_RS -> List.of("pid", "network", "ipc", "uts", "mount", "cgroup");
          case CONTAINERD -> List.of("pid", "ipc", "uts", "mount", "network");
        };
    List<Map<String, Object>> devices =
        switch (profile) {
          case IMAGE_RS -> List.of();
          case CONTAINERD -> List.of(denyAll());
        };
    if (profile == Profile.CONTAINERD) {
      masked.add(masked.size() - 1, "/sys/devices/virtual/powercap");
    }
    Map<String, Object> linux = new LinkedHashMap<>();
    linux.put("resources", Map.of("devices", devices));
    linux.put("namespaces", namespaces.stream().map(type -> Map.of("type", type)).toList());
    linux.put("maskedPaths", masked);
    linux.put("readonlyPaths", READ_ONLY);
    return linux;
  }

  private static Map<String, Object> denyAll() {
    Map<String, Object> device = new LinkedHashMap<>();
    device.put("allow", false);
    device.put("access", "rwm");
    return device;
  }
}
