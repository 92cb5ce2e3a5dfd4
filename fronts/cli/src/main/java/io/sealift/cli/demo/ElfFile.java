package io.sealift.cli.demo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a 64-bit little-endian ELF program needs to run (System V ABI, chapters 4 and 5): its
/// interpreter and its shared libraries. For files of this machine, which are trusted.
///
/// @param interpreter the dynamic linker; empty for a static program
/// @param libraries as the dynamic section names them
record ElfFile(String interpreter, List<String> libraries) {

  /// Bytes of the largest program that is read, far above any shell.
  private static final long MAX_BYTES = 64L << 20;

  private static final int MAGIC = 0x464c457f;
  private static final int PT_LOAD = 1;
  private static final int PT_DYNAMIC = 2;
  private static final int PT_INTERP = 3;
  private static final long DT_NEEDED = 1;
  private static final long DT_STRTAB = 5;

  ElfFile {
    libraries = List.copyOf(libraries);
  }

  /// Reads a program; empty when it is no such file.
  static Optional<ElfFile> read(Path file) throws IOException {
    if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
      return Optional.empty();
    }
    ByteBuffer elf = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    if (elf.limit() < 64 || elf.getInt(0) != MAGIC || elf.get(4) != 2 || elf.get(5) != 1) {
      return Optional.empty();
    }
    try {
      return Optional.of(parse(elf));
    } catch (IndexOutOfBoundsException malformed) {
      return Optional.empty();
    }
  }

  boolean isStatic() {
    return interpreter.isEmpty();
  }

  private static ElfFile parse(ByteBuffer elf) {
    String interpreter = "";
    List<String> libraries = new ArrayList<>();
    for (Segment segment : segments(elf)) {
      if (segment.type == PT_INTERP) {
        interpreter = text(elf, segment.offset);
      } else if (segment.type == PT_DYNAMIC) {
        libraries.addAll(needed(elf, segment));
      }
    }
    return new ElfFile(interpreter, libraries);
  }

  private static List<Segment> segments(ByteBuffer elf) {
    int table = (int) elf.getLong(32);
    int size = elf.getShort(54);
    List<Segment> segments = new ArrayList<>();
    for (int index = 0; index < elf.getShort(56); index++) {
      int at = table + index * size;
      segments.add(
          new Segment(
              elf.getInt(at),
              (int) elf.getLong(at + 8),
              elf.getLong(at + 16),
              (int) elf.getLong(at + 32)));
    }
    return segments;
  }

  private static List<String> needed(ByteBuffer elf, Segment dynamic) {
    List<Long> names = new ArrayList<>();
    long strings = 0;
    for (int at = dynamic.offset; at < dynamic.offset + dynamic.size; at += 16) {
      long tag = elf.getLong(at);
      if (tag == DT_NEEDED) {
        names.add(elf.getLong(at + 8));
      } else if (tag == DT_STRTAB) {
        strings = elf.getLong(at + 8);
      }
    }
    int table = fileOffset(elf, strings);
    return names.stream().map(name -> text(elf, table + name.intValue())).toList();
  }

  /// Where the file has what the program has at an address.
  private static int fileOffset(ByteBuffer elf, long address) {
    for (Segment segment : segments(elf)) {
      if (segment.type == PT_LOAD
          && address >= segment.address
          && address < segment.address + segment.size) {
        return (int) (address - segment.address) + segment.offset;
      }
    }
    return 0;
  }

  private static String text(ByteBuffer elf, int offset) {
    int end = offset;
    while (elf.get(end) != 0) {
      end++;
    }
    byte[] bytes = new byte[end - offset];
    elf.get(offset, bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private record Segment(int type, int offset, long address, int size) {}
}
