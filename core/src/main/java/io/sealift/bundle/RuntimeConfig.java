package io.sealift.bundle;

import io.sealift.bundle.BundleOptions.Profile;
import io.sealift.bundle.UserResolver.Identity;
import io.sealift.failure.UnsafeContentException;
import io.sealift.failure.UnsupportedImageException;
import io.sealift.json.JsonValue;
import io.sealift.json.JsonWriter;
import io.sealift.oci.Execution;
import io.sealift.oci.ImageConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The text of a `config.json` (OCI runtime specification, config.md): the {@link Defaults} of the
/// profile with the image's settings applied (OCI image specification, conversion.md).
///
/// @param workingDirectory absolute
/// @param volumes absolute, sorted
record RuntimeConfig(
    BundleOptions options,
    ImageConfig image,
    Identity identity,
    String workingDirectory,
    List<String> volumes) {

  /// The version of the runtime specification that is written, as image-rs writes it.
  private static final String VERSION = "1.0.2-dev";

  private static final int OPEN_FILES = 1024;

  /// On one line, members in a stable order, those without a value left out.
  byte[] json() throws UnsafeContentException, UnsupportedImageException {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("ociVersion", VERSION);
    config.put("root", root());
    config.put("mounts", mounts());
    config.put("process", process());
    if (options.profile() == Profile.IMAGE_RS) {
      config.put("hostname", "image-rs");
    }
    config.put("annotations", Annotations.of(image));
    config.put("linux", Defaults.linux(options.profile()));
    return JsonWriter.compact(JsonValue.of(config));
  }

  private Map<String, Object> root() {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("path", "rootfs");
    root.put("readonly", options.readOnly());
    return root;
  }

  /// Volumes come first, as image-rs has them, so that they hide nothing that a container needs;
  /// one in the place of a default mount is that mount.
  private List<Map<String, Object>> mounts() {
    List<Map<String, Object>> defaults = Defaults.mounts(options.profile());
    List<Map<String, Object>> mounts = new ArrayList<>();
    for (String volume : volumes) {
      if (defaults.stream().noneMatch(mount -> volume.equals(mount.get("destination")))) {
        mounts.add(Defaults.volume(options.profile(), volume));
      }
    }
    mounts.addAll(defaults);
    return mounts;
  }

  private Map<String, Object> process() throws UnsafeContentException, UnsupportedImageException {
    Map<String, Object> limit = new LinkedHashMap<>();
    limit.put("type", "RLIMIT_NOFILE");
    limit.put("hard", OPEN_FILES);
    limit.put("soft", OPEN_FILES);
    Map<String, Object> process = new LinkedHashMap<>();
    process.put("terminal", false);
    process.put("user", user());
    process.put("args", withoutNul("argument", arguments()));
    process.put("env", withoutNul("environment entry", environment()));
    process.put("cwd", workingDirectory);
    process.put("capabilities", Defaults.capabilities(options.profile()));
    process.put("rlimits", List.of(limit));
    process.put("noNewPrivileges", true);
    return process;
  }

  private Map<String, Object> user() {
    Map<String, Object> user = new LinkedHashMap<>();
    user.put("uid", identity.uid());
    user.put("gid", identity.gid());
    if (!identity.additionalGids().isEmpty()) {
      user.put("additionalGids", identity.additionalGids());
    }
    return user;
  }

  private List<String> arguments() throws UnsupportedImageException {
    Execution execution = image.execution();
    return switch (options.profile()) {
      case IMAGE_RS -> {
        List<String> all = joined(execution.entrypoint(), execution.cmd());
        yield all.isEmpty() ? List.of("sh") : all;
      }
      case CONTAINERD -> {
        boolean none = execution.entrypoint().equals(List.of(""));
        List<String> all = joined(none ? List.of() : execution.entrypoint(), execution.cmd());
        if (all.isEmpty()) {
          throw new UnsupportedImageException(
              "write bundle: the image names neither an entrypoint nor a command");
        }
        yield all;
      }
    };
  }

  private static List<String> joined(List<String> entrypoint, List<String> cmd) {
    return Stream.concat(entrypoint.stream(), cmd.stream()).toList();
  }

  /// The image's entries as they are; a `PATH` before them when there is none.
  private List<String> environment() {
    List<String> env = new ArrayList<>(image.execution().env());
    boolean empty = env.isEmpty();
    if (env.stream().noneMatch(entry -> entry.startsWith("PATH="))) {
      env.addFirst(Defaults.PATH);
    }
    if (empty && options.profile() == Profile.IMAGE_RS) {
      env.add("TERM=xterm");
    }
    return env;
  }

  /// A runtime in C would see such a text cut short, one in Go would not: neither may decide.
  private static List<String> withoutNul(String what, List<String> texts)
      throws UnsafeContentException {
    for (String text : texts) {
      if (text.indexOf('\0') >= 0) {
        throw new UnsafeContentException(
            "write bundle: %s %s of the image has a NUL".formatted(what, Quoted.of(text)));
      }
    }
    return texts;
  }
}
