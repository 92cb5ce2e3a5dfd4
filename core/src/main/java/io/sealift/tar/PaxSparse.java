package io.sealift.tar;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What the records `GNU.sparse.…` of a PAX header say (GNU tar manual, "Storing sparse files").
///
/// | format | map | size of the file |
/// |---|---|---|
/// | 0.0 | repeated `offset` and `numbytes` | `size` |
/// | 0.1 | `map`, numbers between commas | `size` |
/// | 1.0 | before the content | `realsize` |
final class PaxSparse {

  static final String PREFIX = "GNU.sparse.";

  private static final String OFFSET = PREFIX + "offset";
  private static final String NUMBYTES = PREFIX + "numbytes";

  private final SparseMap.Builder regions;
  private boolean present;
  private boolean mapped;
  private long offset = -1;
  private long major;
  private long minor;
  private @Nullable Long size;
  private @Nullable Long blocks;
  byte @Nullable [] name;

  PaxSparse(int maxRegions) {
    regions = new SparseMap.Builder(maxRegions);
  }

  boolean isRepeated(String key) {
    return key.equals(OFFSET) || key.equals(NUMBYTES);
  }

  void value(String key, byte[] value) throws MalformedTarException {
    present = true;
    switch (key) {
      case OFFSET -> offset(TarNumber.decimal(value, key));
      case NUMBYTES -> numBytes(TarNumber.decimal(value, key));
      case PREFIX + "map" -> map(value);
      case PREFIX + "size", PREFIX + "realsize" -> size(TarNumber.decimal(value, key));
      case PREFIX + "numblocks" -> blocks = TarNumber.decimal(value, key);
      case PREFIX + "major" -> major = TarNumber.decimal(value, key);
      case PREFIX + "minor" -> minor = TarNumber.decimal(value, key);
      case PREFIX + "name" -> name = PaxHeader.name(value, key);
      default ->
          throw new MalformedTarException(
              "expected a known key GNU.sparse, found "
                  + Printable.shortened(key.getBytes(StandardCharsets.ISO_8859_1)));
    }
  }

  private void offset(long value) throws MalformedTarException {
    if (offset >= 0 || mapped) {
      throw new MalformedTarException("expected GNU.sparse.numbytes after GNU.sparse.offset");
    }
    offset = value;
  }

  private void numBytes(long value) throws MalformedTarException {
    if (offset < 0) {
      throw new MalformedTarException("expected GNU.sparse.offset before GNU.sparse.numbytes");
    }
    regions.add(offset, value);
    offset = -1;
  }

  private void map(byte[] text) throws MalformedTarException {
    if (regions.seen() > 0 || offset >= 0) {
      throw new MalformedTarException("expected one sparse map, found two");
    }
    mapped = true;
    int at = 0;
    while (at < text.length) {
      int comma = comma(text, at);
      if (comma == text.length) {
        throw new MalformedTarException("expected pairs of numbers as GNU.sparse.map");
      }
      int end = comma(text, comma + 1);
      regions.add(
          TarNumber.decimal(text, at, comma, "GNU.sparse.map"),
          TarNumber.decimal(text, comma + 1, end, "GNU.sparse.map"));
      at = end + 1;
    }
  }

  private static int comma(byte[] text, int from) {
    int at = from;
    while (at < text.length && text[at] != ',') {
      at++;
    }
    return at;
  }

  private void size(long value) throws MalformedTarException {
    if (size != null && size != value) {
      throw new MalformedTarException("expected one size of a sparse file, found two");
    }
    size = value;
  }

  /// Whether the member is a sparse file.
  boolean isPresent() {
    return present;
  }

  /// Whether the map comes with the content.
  boolean isBeforeContent() {
    return major == 1;
  }

  /// Bytes of the file, holes included; the records make one whole description.
  long realSize() throws MalformedTarException {
    boolean known = major == 1 ? minor == 0 : major == 0 && minor <= 1;
    if (!known) {
      throw new MalformedTarException(
          "expected a sparse file of format 0.0, 0.1 or 1.0, found %d.%d".formatted(major, minor));
    }
    boolean described = mapped || regions.seen() > 0;
    boolean whole = isBeforeContent() ? !described : described || blocks != null;
    if (size == null || offset >= 0 || !whole) {
      throw new MalformedTarException(
          "expected size and map of a sparse file, found a part of them");
    }
    if (blocks != null && blocks != regions.seen()) {
      throw new MalformedTarException(
          "expected %d sparse regions, found %d".formatted(blocks, regions.seen()));
    }
    return Objects.requireNonNull(size);
  }

  /// The map of formats 0.0 and 0.1.
  SparseMap map(long realSize, long content) throws MalformedTarException {
    return regions.build(realSize, content);
  }
}
