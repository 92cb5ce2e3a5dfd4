package io.sealift.testing;

import io.sealift.testing.TarMember.Dialect;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Writes tar archives by hand, in every dialect, well formed or not. What a call adds comes after
/// what was added before. For what the short forms do not say, {@link #add} a {@link TarMember}.
///
/// ```java
/// byte[] layer = new TarBuilder()
///     .directory("etc")
///     .file("etc/motd", "hello")
///     .add(TarMember.file("bin/ping", "ELF").mode(0755).xattr("user.x", "1"))
///     .build();
/// ```
public final class TarBuilder {

  private static final int BLOCK = 512;

  private final Dialect dialect;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /// Writes PAX where plain headers do not suffice, as image tools do.
  public TarBuilder() {
    this(Dialect.PAX);
  }

  /// Writes this dialect unless a member asks for another one.
  public TarBuilder(Dialect dialect) {
    this.dialect = dialect;
  }

  public TarBuilder directory(String name) {
    return add(TarMember.directory(name));
  }

  public TarBuilder file(String name, String content) {
    return add(TarMember.file(name, content));
  }

  public TarBuilder file(String name, byte[] content) {
    return add(TarMember.file(name, content));
  }

  public TarBuilder symlink(String name, String target) {
    return add(TarMember.symlink(name, target));
  }

  public TarBuilder hardLink(String name, String target) {
    return add(TarMember.hardLink(name, target));
  }

  public TarBuilder fifo(String name) {
    return add(TarMember.of('6', name));
  }

  public TarBuilder characterDevice(String name, int major, int minor) {
    return add(TarMember.of('3', name).device(major, minor));
  }

  public TarBuilder blockDevice(String name, int major, int minor) {
    return add(TarMember.of('4', name).device(major, minor));
  }

  public TarBuilder add(TarMember member) {
    member.writeTo(out, dialect);
    return this;
  }

  /// Bytes as they are, without padding.
  public TarBuilder raw(byte... bytes) {
    out.writeBytes(bytes);
    return this;
  }

  /// A PAX global header.
  public TarBuilder globalPax(String key, String value) {
    return add(
        TarMember.of('g', "pax_global_header")
            .dialect(Dialect.USTAR)
            .content(TarMember.paxRecord(key, value.getBytes(StandardCharsets.UTF_8))));
  }

  /// Zero blocks, as at the end of an archive.
  public TarBuilder zeroBlocks(int count) {
    return raw(new byte[count * BLOCK]);
  }

  /// The archive with the two zero blocks that end it.
  public byte[] build() {
    zeroBlocks(2);
    return out.toByteArray();
  }

  /// The archive as it is by now, without an end.
  public byte[] withoutTrailer() {
    return out.toByteArray();
  }
}
