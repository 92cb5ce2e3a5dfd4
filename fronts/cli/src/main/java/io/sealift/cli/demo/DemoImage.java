package io.sealift.cli.demo;

import io.sealift.failure.NotFoundException;
import io.sealift.testing.BuiltBlob;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.Packing;
import io.sealift.testing.TarBuilder;
import io.sealift.testing.TarMember;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/// A small image that runs, made of this machine's own shell: three layers with what makes layers
/// interesting.
public final class DemoImage {

  /// The first line that a container of the image prints.
  public static final String GREETING = "hello from a container";

  /// Commands of busybox that get a name of their own.
  private static final List<String> APPLETS = List.of("sh", "cat", "echo", "id", "ls", "uname");

  private static final String SCRIPT =
      """
      #!/bin/sh
      echo "%s"
      read -r kernel </proc/version && echo "kernel: $kernel"
      if [ -e /etc/motd ]; then echo "the old message is still there"; else echo "the old message is gone"; fi
      while read -r line; do echo "$line"; done </opt/again
      """
          .formatted(GREETING);

  private DemoImage() {}

  /// Reads the shell and builds the image.
  ///
  /// @param seal makes of a layer what is published of it: itself, or its ciphertext
  /// @throws NotFoundException when this machine has no shell that could be put into an image
  public static BuiltImage build(UnaryOperator<BuiltBlob> seal)
      throws IOException, NotFoundException {
    Shell shell = Shell.find();
    return new ImageBuilder()
        .layer(seal.apply(BuiltBlob.layer(system(shell), Packing.GZIP, ImageBuilder.Form.OCI)))
        .layer(seal.apply(BuiltBlob.layer(application(), Packing.ZSTD, ImageBuilder.Form.OCI)))
        .layer(seal.apply(BuiltBlob.layer(change(), Packing.TAR, ImageBuilder.Form.OCI)))
        .config("Entrypoint", List.of("/opt/hello"))
        .config("Env", List.of("PATH=/bin", "LANG=C.UTF-8"))
        .config("WorkingDir", "/root")
        .config("Labels", java.util.Map.of("org.opencontainers.image.title", "demonstration"))
        .build();
  }

  /// The shell, its libraries, and the directories that a runtime mounts onto.
  private static byte[] system(Shell shell) {
    TarBuilder tar = new TarBuilder();
    directories(shell).forEach(tar::directory);
    tar.add(TarMember.directory("tmp").mode(01777));
    shell.files().forEach((path, content) -> tar.add(TarMember.file(path, content).mode(0755)));
    if (shell.isBusybox()) {
      APPLETS.forEach(name -> tar.symlink("bin/" + name, "busybox"));
    }
    return tar.file("etc/passwd", "root:x:0:0:root:/root:/bin/sh\n")
        .file("etc/group", "root:x:0:\n")
        .file("etc/motd", "an old message\n")
        .build();
  }

  /// Those of the root and all parents of the shell's files, in order.
  private static List<String> directories(Shell shell) {
    TreeSet<String> directories =
        new TreeSet<>(List.of("bin", "dev", "etc", "opt", "proc", "root", "sys"));
    for (String path : shell.files().keySet()) {
      for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
        directories.add(path.substring(0, slash));
      }
    }
    return new ArrayList<>(directories);
  }

  /// A script, and a second name for its data.
  private static byte[] application() {
    return new TarBuilder()
        .directory("opt")
        .add(TarMember.file("opt/hello", SCRIPT).mode(0755))
        .file("opt/greeting", "two names, one file\n")
        .hardLink("opt/again", "opt/greeting")
        .build();
  }

  /// Takes a file of the first layer away.
  private static byte[] change() {
    return new TarBuilder()
        .directory("etc")
        .file("etc/.wh.motd", "")
        .file("etc/hostname", "demo\n")
        .build();
  }
}
