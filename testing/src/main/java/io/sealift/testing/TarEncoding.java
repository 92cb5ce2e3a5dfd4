package io.sealift.testing;

import static io.sealift.testing.TarMember.concat;
import static io.sealift.testing.TarMember.paxRecord;
import static io.sealift.testing.TarMember.utf8;

import io.sealift.testing.TarMember.Dialect;
import io.sealift.testing.TarMember.Sparse;
import io.sealift.testing.TarMember.SparseFile;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// One member on its way into bytes: what goes before it, its header, its content.
final class TarEncoding {

  private static final int BLOCK = 512;
  private static final int NAME_BYTES = 100;
  private static final int SPARSE_IN_HEADER = 4;
  private static final int SPARSE_IN_BLOCK = 21;

  private final TarMember member;
  private final Dialect dialect;
  private final byte[] header = new byte[BLOCK];
  private final List<byte[]> records = new ArrayList<>();
  private byte[] name;
  private byte[] content;
  private byte[] afterHeader = {};

  private TarEncoding(TarMember member, Dialect dialect) {
    this.member = member;
    this.dialect = dialect;
    this.name = member.name;
    this.content = member.content;
    member.records.forEach(record -> records.add(paxRecord(record.key(), record.value())));
  }

  static TarEncoding of(TarMember member, Dialect dialect) {
    return new TarEncoding(member, dialect);
  }

  void writeTo(ByteArrayOutputStream out) {
    if (member.sparse != null) {
      sparse(member.sparse);
    }
    magic();
    name(out);
    link(out);
    number(100, 8, member.mode);
    number(108, 8, extended("uid", member.uid, 8));
    number(116, 8, extended("gid", member.gid, 8));
    number(124, 12, member.claimedSize == null ? content.length : member.claimedSize);
    number(136, 12, mtime());
    header[156] = (byte) type();
    if (dialect != Dialect.V7) {
      number(329, 8, member.major);
      number(337, 8, member.minor);
    }
    member.patches.forEach(patch -> put(patch.offset(), patch.bytes()));
    checksum();
    pax(out);
    out.writeBytes(header);
    out.writeBytes(afterHeader);
    out.writeBytes(content);
    if (member.padded) {
      out.writeBytes(new byte[-content.length & BLOCK - 1]);
    }
  }

  private char type() {
    boolean gnuSparse = member.sparse != null && member.sparse.style() == Sparse.OLD_GNU;
    return gnuSparse ? 'S' : member.type;
  }

  private void magic() {
    switch (dialect) {
      case V7 -> {}
      case USTAR, PAX -> put(257, utf8("ustar\00000"));
      case GNU -> put(257, utf8("ustar  \0"));
      case STAR -> {
        put(257, utf8("ustar\00000"));
        put(508, utf8("tar\0"));
      }
    }
  }

  private void name(ByteArrayOutputStream out) {
    if (name.length <= NAME_BYTES) {
      put(0, name);
      return;
    }
    int prefixBytes = dialect == Dialect.STAR ? 131 : 155;
    int slash = dialect == Dialect.GNU || dialect == Dialect.V7 ? -1 : cut(name, prefixBytes);
    if (slash > 0) {
      put(345, Arrays.copyOf(name, slash));
      put(0, Arrays.copyOfRange(name, slash + 1, name.length));
    } else {
      put(0, Arrays.copyOf(name, NAME_BYTES));
      longText(out, 'L', "path", name);
    }
  }

  private static int cut(byte[] name, int prefixBytes) {
    for (int at = Math.min(prefixBytes, name.length - 2); at > 0; at--) {
      if (name[at] == '/' && name.length - at - 1 <= NAME_BYTES) {
        return at;
      }
    }
    return -1;
  }

  private void link(ByteArrayOutputStream out) {
    put(157, Arrays.copyOf(member.link, Math.min(member.link.length, NAME_BYTES)));
    if (member.link.length > NAME_BYTES) {
      longText(out, 'K', "linkpath", member.link);
    }
  }

  private void longText(ByteArrayOutputStream out, char type, String key, byte[] text) {
    switch (dialect) {
      case GNU ->
          TarMember.of(type, "././@LongLink")
              .content(concat(text, new byte[1]))
              .writeTo(out, Dialect.GNU);
      case PAX -> records.add(paxRecord(key, text));
      default -> throw new IllegalArgumentException("a name too long for " + dialect);
    }
  }

  private long extended(String key, long value, int length) {
    if (dialect == Dialect.PAX && !member.base256 && value >= 1L << (3 * (length - 1))) {
      records.add(paxRecord(key, utf8(Long.toString(value))));
      return 0;
    }
    return value;
  }

  private long mtime() {
    boolean plain = member.nanos == 0 && member.mtime >= 0;
    if (dialect != Dialect.PAX || plain || member.base256) {
      return member.mtime;
    }
    long whole = member.mtime < 0 && member.nanos > 0 ? member.mtime + 1 : member.mtime;
    long fraction = whole == member.mtime ? member.nanos : 1_000_000_000 - member.nanos;
    String sign = member.mtime < 0 ? "-" : "";
    String text = "%s%d.%09d".formatted(sign, Math.abs(whole), fraction);
    records.add(paxRecord("mtime", utf8(text)));
    return Math.max(0, member.mtime);
  }

  private void number(int offset, int length, long value) {
    put(offset, encoded(length, value));
  }

  private byte[] encoded(int length, long value) {
    if (!member.base256 && value >= 0 && value < 1L << (3 * (length - 1))) {
      return ("%0" + (length - 1) + "o\0").formatted(value).getBytes(StandardCharsets.US_ASCII);
    }
    byte[] bytes = new byte[length];
    for (int at = 0; at < length; at++) {
      int shift = 8 * (length - 1 - at);
      bytes[at] = (byte) (value >> Math.min(63, shift));
    }
    bytes[0] |= (byte) 0x80;
    return bytes;
  }

  private void checksum() {
    put(148, utf8(" ".repeat(8)));
    long sum = 0;
    for (byte b : header) {
      sum += member.signedSum ? b : b & 0xff;
    }
    long written = member.claimedSum == null ? sum : member.claimedSum;
    put(148, "%06o\0 ".formatted(written).getBytes(StandardCharsets.US_ASCII));
  }

  private void pax(ByteArrayOutputStream out) {
    if (!records.isEmpty()) {
      TarMember.of('x', "PaxHeaders.0/x")
          .content(concat(records.toArray(byte[][]::new)))
          .writeTo(out, Dialect.USTAR);
    }
  }

  private void sparse(SparseFile file) {
    content = concat(file.regions().values().toArray(byte[][]::new));
    switch (file.style()) {
      case OLD_GNU -> oldGnu(file);
      case PAX_0_0 -> {
        record("GNU.sparse.size", file.size());
        record("GNU.sparse.numblocks", file.regions().size());
        file.regions()
            .forEach((offset, bytes) -> {
              record("GNU.sparse.offset", offset);
              record("GNU.sparse.numbytes", bytes.length);
            });
      }
      case PAX_0_1 -> {
        record("GNU.sparse.size", file.size());
        record("GNU.sparse.numblocks", file.regions().size());
        records.add(paxRecord("GNU.sparse.name", name));
        records.add(paxRecord("GNU.sparse.map", utf8(map(file, ","))));
        name = utf8("GNUSparseFile.0/x");
      }
      case PAX_1_0 -> {
        record("GNU.sparse.major", 1);
        record("GNU.sparse.minor", 0);
        records.add(paxRecord("GNU.sparse.name", name));
        record("GNU.sparse.realsize", file.size());
        name = utf8("GNUSparseFile.0/x");
        byte[] map = utf8(file.regions().size() + "\n" + map(file, "\n") + "\n");
        content = concat(map, new byte[-map.length & BLOCK - 1], content);
      }
    }
  }

  private void record(String key, long value) {
    records.add(paxRecord(key, utf8(Long.toString(value))));
  }

  private static String map(SparseFile file, String between) {
    List<String> numbers = new ArrayList<>();
    for (Map.Entry<Long, byte[]> region : file.regions().entrySet()) {
      numbers.add(Long.toString(region.getKey()));
      numbers.add(Integer.toString(region.getValue().length));
    }
    return String.join(between, numbers);
  }

  private void oldGnu(SparseFile file) {
    List<byte[]> regions = new ArrayList<>();
    file.regions()
        .forEach(
            (offset, bytes) -> regions.add(concat(encoded(12, offset), encoded(12, bytes.length))));
    int inHeader = Math.min(SPARSE_IN_HEADER, regions.size());
    put(386, concat(regions.subList(0, inHeader).toArray(byte[][]::new)));
    put(483, encoded(12, file.size()));
    header[482] = (byte) (regions.size() > inHeader ? 1 : 0);
    for (int from = inHeader; from < regions.size(); from += SPARSE_IN_BLOCK) {
      int to = Math.min(regions.size(), from + SPARSE_IN_BLOCK);
      byte[] block = Arrays.copyOf(concat(regions.subList(from, to).toArray(byte[][]::new)), BLOCK);
      block[504] = (byte) (to < regions.size() ? 1 : 0);
      afterHeader = concat(afterHeader, block);
    }
  }

  private void put(int offset, byte[] bytes) {
    System.arraycopy(bytes, 0, header, offset, bytes.length);
  }
}
