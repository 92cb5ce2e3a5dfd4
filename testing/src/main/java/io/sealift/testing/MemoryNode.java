package io.sealift.testing;

import io.sealift.unpack.Attributes;
import io.sealift.unpack.Attributes.FileTime;
import io.sealift.unpack.TreeSink.DeviceKind;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/// One inode of a {@link MemoryTree}.
abstract sealed class MemoryNode {

  private static final Attributes IMPLIED =
      new Attributes(0755, 0, 0, new FileTime(0, 0), List.of());

  Attributes attributes;

  MemoryNode(Attributes attributes) {
    this.attributes = attributes;
  }

  static final class Directory extends MemoryNode {

    /// By names as Latin-1 text, whose order is that of unsigned bytes.
    final TreeMap<String, MemoryNode> children = new TreeMap<>();

    final TreeSet<String> whiteouts = new TreeSet<>();

    /// Names that hard links are to have whose targets have not come.
    final TreeSet<String> awaited = new TreeSet<>();

    boolean implied = true;
    boolean opaque;

    Directory() {
      super(IMPLIED);
    }
  }

  static final class File extends MemoryNode {
    final byte[] content;

    File(Attributes attributes, int size) {
      super(attributes);
      content = new byte[size];
    }
  }

  static final class Symlink extends MemoryNode {
    final byte[] target;

    Symlink(Attributes attributes, byte[] target) {
      super(attributes);
      this.target = target;
    }
  }

  static final class Fifo extends MemoryNode {
    Fifo(Attributes attributes) {
      super(attributes);
    }
  }

  static final class Device extends MemoryNode {
    final DeviceKind kind;
    final int major;
    final int minor;

    Device(Attributes attributes, DeviceKind kind, int major, int minor) {
      super(attributes);
      this.kind = kind;
      this.major = major;
      this.minor = minor;
    }
  }
}
