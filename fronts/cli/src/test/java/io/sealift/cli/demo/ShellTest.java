package io.sealift.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShellTest {

  @Test
  void theShellOfThisMachineComesWithItsLinkerAndAllLibraries() throws Exception {
    Path shell = Path.of("/bin/sh").toRealPath();
    ElfFile elf = ElfFile.read(shell).orElseThrow();
    assertTrue(elf.isStatic() || elf.interpreter().startsWith("/lib"), elf.interpreter());
    assertEquals(elf.isStatic(), elf.libraries().isEmpty());
    Shell found = Shell.find();
    assertTrue(found.files().containsKey(found.program()), found.program());
    if (!found.isBusybox()) {
      for (String library : elf.libraries()) {
        assertTrue(
            found.files().keySet().stream().anyMatch(path -> path.endsWith("/" + library)),
            library);
      }
    }
  }

  @Test
  void whatIsNoProgramIsNone(@TempDir Path directory) throws Exception {
    Path text = Files.writeString(directory.resolve("text"), "#!/bin/sh\n");
    byte[] broken = new byte[64];
    ByteBuffer.wrap(broken)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(0, 0x464c457f)
        .put(4, (byte) 2)
        .put(5, (byte) 1)
        .putLong(32, 1L << 20)
        .putShort(54, (short) 56)
        .putShort(56, (short) 3);
    Path elf = Files.write(directory.resolve("elf"), broken);
    assertEquals(Optional.empty(), ElfFile.read(text));
    assertEquals(Optional.empty(), ElfFile.read(elf));
    assertEquals(Optional.empty(), ElfFile.read(directory));
  }
}
