package io.sealift.linux;

/// The processors whose system call numbers and flags are known here.
enum Architecture {
  X86_64,
  AARCH64;

  static final Architecture CURRENT = of(System.getProperty("os.arch", ""));

  private static Architecture of(String name) {
    return switch (name) {
      case "amd64", "x86_64" -> X86_64;
      case "aarch64" -> AARCH64;
      default ->
          throw new UnsupportedOperationException(
              "call the kernel: expected processor x86_64 or aarch64, found " + name);
    };
  }

  int choose(int x86, int aarch) {
    return this == X86_64 ? x86 : aarch;
  }
}
