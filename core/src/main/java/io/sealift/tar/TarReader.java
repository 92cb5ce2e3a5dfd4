package io.sealift.tar;

import io.sealift.failure.ImageException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.tar.TarEntry.Kind;
import io.sealift.tar.TarTap.Role;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads a tar from its start to the end of its source: {@link #next} for a member, {@link
/// #content} for its bytes, until `next` has no more. Used by one thread.
///
/// | dialect | what is read of it |
/// |---|---|
/// | v7 | names of 100 bytes; a name that ends in `/` is a directory |
/// | POSIX.1-1988 ustar | prefix of 155 bytes |
/// | star | prefix of 131 bytes |
/// | GNU | long names (`L`, `K`), base-256 numbers, sparse files (`S`) with further blocks |
/// | PAX | `path`, `linkpath`, `size`, `uid`, `gid`, `mtime`, `SCHILY.xattr`, `LIBARCHIVE.xattr`, sparse files 0.0, 0.1, 1.0 |
///
/// Volume labels (`V`) and Solaris ACLs (`A`) are passed over, types without a meaning for a layer
/// are refused. Global PAX headers are read and passed over, as all image tools do, but refused
/// when they would change names or sizes: there readers disagree, and disagreement is where members
/// hide. For the same reason a member with two extended headers, two long names, or a name by both
/// ways is refused. The archive ends with two zero blocks or with its source; what follows is read
/// and given to the tap.
public final class TarReader {

  private static final int BLOCK = TarHeader.BLOCK;
  private static final byte[] NO_NAME = {};

  /// Types of headers that are about other members, or about none.
  private static final String EXTENSIONS = "xgLKAV";

  /// Keys by which a global header would change where members lie or what they are called.
  private static final Set<String> NEVER_GLOBAL = Set.of("path", "linkpath", "size");

  private final TarStream stream;
  private final String subject;
  private final TarLimits limits;
  private final TarTap tap;
  private final boolean tapped;
  private final TarHeader header = new TarHeader();
  private final ExtensionBlocks extension;

  private @Nullable PaxHeader pax;
  private byte @Nullable [] longName;
  private byte @Nullable [] longLink;
  private long headers;
  private long start;
  private long content;
  private int padding;
  private boolean ended;

  /// A reader that passes over content that nobody asks for.
  ///
  /// @param subject what the archive is, for messages: `layer`
  public TarReader(TarSource source, String subject, TarLimits limits) {
    this(source, subject, limits, TarTap.NONE, false);
  }

  /// A reader that keeps nothing back.
  ///
  /// @param subject what the archive is, for messages: `layer`
  /// @param tap is given what `content` does not give
  public TarReader(TarSource source, String subject, TarLimits limits, TarTap tap) {
    this(source, subject, limits, tap, true);
  }

  private TarReader(
      TarSource source, String subject, TarLimits limits, TarTap tap, boolean tapped) {
    this.stream = new TarStream(source);
    this.subject = subject;
    this.limits = limits;
    this.tap = tap;
    this.tapped = tapped;
    this.extension = new ExtensionBlocks(stream, tap, limits);
  }

  /// The next member; passes over what is left of the content of the one before. Null at the end,
  /// when all of the source was read.
  ///
  /// @throws UnsafeContentException when the archive is malformed, ambiguous or beyond a bound
  public @Nullable TarEntry next() throws ImageException, InterruptedIOException {
    try {
      passContent();
      while (!ended) {
        TarEntry entry = advance();
        if (entry != null) {
          return entry;
        }
      }
      return null;
    } catch (MalformedTarException malformed) {
      throw refusal(malformed);
    }
  }

  /// The next bytes of the member's content, as they are in the archive: a sparse file's regions
  /// one after the other. The buffer is the source's own, set to at least one byte, and valid until
  /// the next call of any method.
  ///
  /// @return null when there is no more
  public @Nullable ByteBuffer content() throws ImageException, InterruptedIOException {
    if (content == 0) {
      return null;
    }
    ByteBuffer bytes = stream.slice(content);
    if (bytes == null) {
      throw refusal(cutOff());
    }
    content -= bytes.remaining();
    return bytes;
  }

  /// Bytes of the archive taken so far: after {@link #next}, where the content begins.
  public long position() {
    return stream.position();
  }

  private void passContent() throws MalformedTarException, ImageException, InterruptedIOException {
    if (pass(content) < content) {
      throw cutOff();
    }
    // The last member's padding may be missing together with the end of the archive.
    pass(padding);
    content = 0;
    padding = 0;
  }

  private long pass(long count) throws ImageException, InterruptedIOException {
    if (!tapped) {
      return stream.skip(count);
    }
    long passed = 0;
    while (passed < count) {
      ByteBuffer bytes = stream.slice(count - passed);
      if (bytes == null) {
        break;
      }
      passed += bytes.remaining();
      tap.raw(bytes);
    }
    return passed;
  }

  /// Reads one header and what belongs to it; null when it was an extension or the end.
  private @Nullable TarEntry advance()
      throws MalformedTarException, ImageException, InterruptedIOException {
    start = stream.position();
    if (!readHeader() || (header.isZero() && isEnd())) {
      end();
      return null;
    }
    header.verifyChecksum();
    if (++headers > limits.maxHeaders()) {
      throw new MalformedTarException(
          "expected at most %d headers, found more".formatted(limits.maxHeaders()));
    }
    char type = header.type();
    boolean isMember = EXTENSIONS.indexOf(type) < 0;
    tap.block(isMember ? Role.MEMBER : Role.EXTENSION, header.block, 0);
    if (!isMember) {
      extension(type, header.size());
      return null;
    }
    TarEntry entry = member(type, pax);
    pax = null;
    longName = null;
    longLink = null;
    return entry;
  }

  private boolean readHeader()
      throws MalformedTarException, ImageException, InterruptedIOException {
    int count = stream.read(header.block, 0, BLOCK);
    if (count > 0 && count < BLOCK) {
      throw new MalformedTarException(
          "expected a header of %d bytes, found the end after %d".formatted(BLOCK, count));
    }
    return count == BLOCK;
  }

  /// Whether a zero block is followed by another one, or by nothing.
  private boolean isEnd() throws MalformedTarException, ImageException, InterruptedIOException {
    tap.block(Role.MEMBER, header.block, 0);
    if (!readHeader()) {
      return true;
    }
    if (!header.isZero()) {
      throw new MalformedTarException("expected two zero blocks at the end, found one");
    }
    tap.block(Role.MEMBER, header.block, 0);
    return true;
  }

  private void end() throws MalformedTarException, ImageException, InterruptedIOException {
    requireNoExtension("the end");
    ended = true;
    for (ByteBuffer rest = stream.slice(Long.MAX_VALUE);
        rest != null;
        rest = stream.slice(Long.MAX_VALUE)) {
      tap.raw(rest);
    }
  }

  private void requireNoExtension(String found) throws MalformedTarException {
    if (pax != null || longName != null || longLink != null) {
      throw new MalformedTarException("expected a member after its extension, found " + found);
    }
  }

  private void extension(char type, long size)
      throws MalformedTarException, ImageException, InterruptedIOException {
    switch (type) {
      case 'x' -> {
        if (pax != null) {
          throw new MalformedTarException("expected one PAX header for a member, found two");
        }
        pax = records(size);
      }
      case 'g' -> global(records(size));
      case 'L' -> longName = longText(size, longName, "name");
      case 'K' -> longLink = longText(size, longLink, "link");
      default -> {
        requireNoExtension("a label or an ACL");
        lengths(size);
        passContent();
      }
    }
  }

  private PaxHeader records(long size)
      throws MalformedTarException, ImageException, InterruptedIOException {
    return PaxHeader.parse(extension.text(size), (int) size, limits.maxSparseRegions());
  }

  private static void global(PaxHeader records) throws MalformedTarException {
    for (String key : records.keys()) {
      if (NEVER_GLOBAL.contains(key) || key.startsWith(PaxSparse.PREFIX)) {
        throw new MalformedTarException(
            "expected no names or sizes in a global PAX header, found "
                + Printable.of(key.getBytes(StandardCharsets.ISO_8859_1)));
      }
    }
  }

  private byte[] longText(long size, byte @Nullable [] before, String what)
      throws MalformedTarException, ImageException, InterruptedIOException {
    if (before != null) {
      throw new MalformedTarException("expected one GNU long %s, found two".formatted(what));
    }
    byte[] text = extension.text(size);
    int end = 0;
    while (end < size && text[end] != 0) {
      end++;
    }
    for (int at = end; at < size; at++) {
      if (text[at] != 0) {
        throw new MalformedTarException(
            "expected nothing after the NUL of a GNU long %s, found more".formatted(what));
      }
    }
    return Arrays.copyOf(text, end);
  }

  private TarEntry member(char type, @Nullable PaxHeader records)
      throws MalformedTarException, ImageException, InterruptedIOException {
    byte[] name = name(records);
    Kind kind = kind(type, name);
    boolean isLink = kind == Kind.HARD_LINK || kind == Kind.SYMLINK;
    boolean isDevice = kind == Kind.CHARACTER_DEVICE || kind == Kind.BLOCK_DEVICE;
    byte[] linkName = isLink ? linkName(records) : NO_NAME;
    long stored = records != null && records.size != null ? records.size : header.size();
    lengths(kind == Kind.FILE || kind == Kind.HARD_LINK ? stored : 0);
    TarNumber.Time mtime = records == null ? null : records.mtime;
    SparseMap sparse = null;
    long size = kind == Kind.FILE ? stored : 0;
    if (type == 'S' || (records != null && records.sparse.isPresent())) {
      size = realSize(type, kind, records);
      sparse = sparse(records, size, stored);
    }
    return new TarEntry(
        kind,
        name,
        linkName,
        header.mode(),
        records != null && records.uid != null ? records.uid : header.uid(),
        records != null && records.gid != null ? records.gid : header.gid(),
        mtime == null ? header.mtime() : mtime.seconds(),
        mtime == null ? 0 : mtime.nanos(),
        size,
        isDevice ? header.major() : 0,
        isDevice ? header.minor() : 0,
        records == null ? List.of() : records.xattrs,
        sparse);
  }

  private static Kind kind(char type, byte[] name) throws MalformedTarException {
    return switch (type) {
      case '\0' -> name[name.length - 1] == '/' ? Kind.DIRECTORY : Kind.FILE;
      case '0', '7', 'S' -> Kind.FILE;
      case '1' -> Kind.HARD_LINK;
      case '2' -> Kind.SYMLINK;
      case '3' -> Kind.CHARACTER_DEVICE;
      case '4' -> Kind.BLOCK_DEVICE;
      case '5' -> Kind.DIRECTORY;
      case '6' -> Kind.FIFO;
      default ->
          throw new MalformedTarException(
              "expected a file, directory, link, device or FIFO, found type "
                  + Printable.of(new byte[] {(byte) type}));
    };
  }

  private byte[] name(@Nullable PaxHeader records) throws MalformedTarException {
    byte[] path = records == null ? null : records.path;
    if (path != null && longName != null) {
      throw new MalformedTarException("expected one long name, found a PAX path and a GNU name");
    }
    byte[] sparseName = records == null ? null : records.sparse.name;
    byte[] name = sparseName != null ? sparseName : path != null ? path : longName;
    return notEmpty(name != null ? name : header.name(), "name");
  }

  private byte[] linkName(@Nullable PaxHeader records) throws MalformedTarException {
    byte[] path = records == null ? null : records.linkPath;
    if (path != null && longLink != null) {
      throw new MalformedTarException(
          "expected one long link, found a PAX linkpath and a GNU link");
    }
    byte[] name = path != null ? path : longLink;
    return notEmpty(name != null ? name : header.linkName(), "link name");
  }

  private static byte[] notEmpty(byte[] name, String what) throws MalformedTarException {
    if (name.length == 0) {
      throw new MalformedTarException("expected a %s, found an empty one".formatted(what));
    }
    return name;
  }

  private long realSize(char type, Kind kind, @Nullable PaxHeader records)
      throws MalformedTarException {
    boolean byPax = records != null && records.sparse.isPresent();
    if (kind != Kind.FILE || (type == 'S' && byPax)) {
      throw new MalformedTarException("expected one sparse map, for a regular file");
    }
    return byPax && records != null ? records.sparse.realSize() : header.realSize();
  }

  private SparseMap sparse(@Nullable PaxHeader records, long size, long stored)
      throws MalformedTarException, ImageException, InterruptedIOException {
    if (records == null || !records.sparse.isPresent()) {
      return extension.gnuMap(header, size, stored);
    }
    if (!records.sparse.isBeforeContent()) {
      return records.sparse.map(size, stored);
    }
    ExtensionBlocks.PaddedMap map = extension.paxMap(size, stored);
    content = map.content();
    return map.map();
  }

  private void lengths(long stored) {
    content = stored;
    padding = (int) (-stored & (BLOCK - 1));
  }

  private MalformedTarException cutOff() {
    return new MalformedTarException(
        "expected %d more bytes of content, found the end".formatted(content));
  }

  private UnsafeContentException refusal(MalformedTarException malformed) {
    return new UnsafeContentException(
        "read %s as tar: member at byte %d: %s".formatted(subject, start, malformed.getMessage()),
        malformed);
  }
}
