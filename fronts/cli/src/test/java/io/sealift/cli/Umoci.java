package io.sealift.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The real umoci, which unpacks what the real skopeo brought it from a registry.
///
/// @param scratch for the images as skopeo keeps them; an empty directory
record Umoci(Path scratch) {

  /// Unpacks an image.
  ///
  /// @param zstd whether it has layers of zstd, which umoci 0.4.7 does not read
  /// @param bundle a directory to be made, in which the tree will be `rootfs`
  /// @return empty; what skopeo or umoci said when it refused the image
  String unpack(String image, boolean zstd, Path bundle) throws IOException, InterruptedException {
    String layout = scratch.resolve("layout") + ":it";
    String refusal = fetch("docker://" + image, zstd, "oci:" + layout);
    if (!refusal.isEmpty()) {
      return refusal;
    }
    List<String> command = new ArrayList<>(List.of("umoci", "unpack", "--image", layout));
    if (!"root".equals(System.getProperty("user.name"))) {
      command.add("--rootless");
    }
    command.add(bundle.toString());
    return run(command);
  }

  /// Docker's manifests become OCI's on the way. Layers stay as they are, but those of zstd: skopeo
  /// 1.9.3 unpacks layers on their way into a directory only, and packs them again, as gzip, on
  /// their way from there.
  private String fetch(String image, boolean zstd, String layout)
      throws IOException, InterruptedException {
    if (!zstd) {
      return copy(image, layout, "--dest-oci-accept-uncompressed-layers");
    }
    String plain = "dir:" + scratch.resolve("plain");
    String refusal = copy(image, plain, "--dest-decompress");
    return refusal.isEmpty() ? copy(plain, layout) : refusal;
  }

  private String copy(String from, String to, String... options)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("skopeo", "copy", "--insecure-policy"));
    command.addAll(List.of("--src-tls-verify=false"));
    command.addAll(List.of(options));
    command.addAll(List.of(from, to));
    return run(command);
  }

  /// @return what was said if it failed
  private static String run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() == 0 ? "" : command.getFirst() + ": " + said.strip();
  }
}
