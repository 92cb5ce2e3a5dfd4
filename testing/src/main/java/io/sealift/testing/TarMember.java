package io.sealift.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/// One member of a tar to be written by {@link TarBuilder}: named by a factory, described by
/// chained calls. Names are UTF-8 unless they are given as bytes.
public final class TarMember {

  /// When members were changed unless they say otherwise: 2001-09-09T01:46:40Z.
  public static final long DEFAULT_MTIME = 1_000_000_000;

  /// What plain headers look like, and what is done about values they cannot hold.
  public enum Dialect {
    /// No magic; nothing is done.
    V7,
    /// Magic, version and a prefix; nothing else is done.
    USTAR,
    /// The magic of GNU, long names in members before, base-256 numbers.
    GNU,
    /// Like {@link #USTAR}, with an extended header before.
    PAX,
    /// Jörg Schilling's: a shorter prefix and a mark at the end of the header.
    STAR
  }

  /// How a sparse file is described.
  public enum Sparse {
    OLD_GNU,
    PAX_0_0,
    PAX_0_1,
    PAX_1_0
  }

  final char type;
  byte[] name;
  byte[] link = {};
  byte[] content = {};
  int mode;
  long uid;
  long gid;
  long mtime = DEFAULT_MTIME;
  int nanos;
  long major;
  long minor;
  boolean base256;
  boolean signedSum;
  boolean padded = true;
  @Nullable Dialect dialect;
  @Nullable Long claimedSize;
  @Nullable Long claimedSum;
  @Nullable SparseFile sparse;
  final List<PaxRecord> records = new ArrayList<>();
  final List<Patch> patches = new ArrayList<>();

  @SuppressWarnings("ArrayRecordComponent")
  record PaxRecord(String key, byte[] value) {}

  @SuppressWarnings("ArrayRecordComponent")
  record Patch(int offset, byte[] bytes) {}

  record SparseFile(Sparse style, long size, SortedMap<Long, byte[]> regions) {}

  private TarMember(char type, byte[] name) {
    this.type = type;
    this.name = name;
    this.mode = type == '5' ? 0755 : 0644;
  }

  /// A member of any type, also one that no reader knows.
  public static TarMember of(char type, String name) {
    return new TarMember(type, utf8(name));
  }

  /// A regular file.
  public static TarMember file(String name, String content) {
    return file(name, utf8(content));
  }

  /// A regular file.
  public static TarMember file(String name, byte[] content) {
    return of('0', name).content(content);
  }

  /// A directory; a `/` is added to its name when there is none.
  public static TarMember directory(String name) {
    return of('5', name.endsWith("/") ? name : name + "/");
  }

  public static TarMember symlink(String name, String target) {
    return of('2', name).link(utf8(target)).mode(0777);
  }

  public static TarMember hardLink(String name, String target) {
    return of('1', name).link(utf8(target));
  }

  /// Names that need not be UTF-8.
  public TarMember name(byte[] value) {
    name = value.clone();
    return this;
  }

  /// The target of a link.
  public TarMember link(byte[] value) {
    link = value.clone();
    return this;
  }

  public TarMember content(byte[] value) {
    content = value.clone();
    return this;
  }

  /// Permissions with set-user-id, set-group-id and sticky bits.
  public TarMember mode(int value) {
    mode = value;
    return this;
  }

  public TarMember owner(long user, long group) {
    uid = user;
    gid = group;
    return this;
  }

  /// Seconds since 1970, may be negative, and nanoseconds to add to them.
  public TarMember mtime(long seconds, int nanoseconds) {
    mtime = seconds;
    nanos = nanoseconds;
    return this;
  }

  public TarMember device(long majorNumber, long minorNumber) {
    major = majorNumber;
    minor = minorNumber;
    return this;
  }

  /// An extended attribute, as a PAX record `SCHILY.xattr.…`.
  public TarMember xattr(String key, byte[] value) {
    return pax("SCHILY.xattr." + key, value);
  }

  /// An extended attribute whose value is text.
  public TarMember xattr(String key, String value) {
    return xattr(key, utf8(value));
  }

  /// A record of the PAX header before the member, as often and in the order as given here.
  public TarMember pax(String key, byte[] value) {
    records.add(new PaxRecord(key, value.clone()));
    return this;
  }

  /// A PAX record whose value is text.
  public TarMember pax(String key, String value) {
    return pax(key, utf8(value));
  }

  /// Another dialect than the archive's.
  public TarMember dialect(Dialect value) {
    dialect = value;
    return this;
  }

  /// Numbers as big-endian two's complement, whatever their size.
  public TarMember base256() {
    base256 = true;
    return this;
  }

  /// Makes it a sparse file of `size` bytes with data at these offsets.
  public TarMember sparse(Sparse style, long size, SortedMap<Long, byte[]> regions) {
    sparse = new SparseFile(style, size, regions);
    return this;
  }

  /// The size in the header, whatever follows.
  public TarMember claimSize(long bytes) {
    claimedSize = bytes;
    return this;
  }

  /// The checksum in the header, right or wrong.
  public TarMember claimChecksum(long sum) {
    claimedSum = sum;
    return this;
  }

  /// The checksum as old writers computed it, over signed bytes.
  public TarMember signedChecksum() {
    signedSum = true;
    return this;
  }

  /// Leaves out what fills the last block of the content.
  public TarMember unpadded() {
    padded = false;
    return this;
  }

  /// Puts bytes into the header, before its checksum is computed.
  public TarMember patch(int offset, byte... bytes) {
    patches.add(new Patch(offset, bytes.clone()));
    return this;
  }

  /// Puts ASCII text into the header, before its checksum is computed.
  public TarMember patch(int offset, String text) {
    return patch(offset, text.getBytes(StandardCharsets.US_ASCII));
  }

  void writeTo(ByteArrayOutputStream out, Dialect byDefault) {
    TarEncoding.of(this, dialect == null ? byDefault : dialect).writeTo(out);
  }

  /// A PAX record with the right length before it.
  static byte[] paxRecord(String key, byte[] value) {
    byte[] rest = concat(utf8(" " + key + "="), value, utf8("\n"));
    int length = rest.length + 1;
    while (Integer.toString(length).length() + rest.length != length) {
      length = Integer.toString(length).length() + rest.length;
    }
    return concat(utf8(Integer.toString(length)), rest);
  }

  static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    Arrays.stream(parts).forEach(all::writeBytes);
    return all.toByteArray();
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
