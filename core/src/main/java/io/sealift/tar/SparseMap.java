package io.sealift.tar;

import java.util.Arrays;

/// Where the bytes of a sparse file lie: regions in ascending order that do not overlap and end
/// within the file, none of them empty; all between them is zeros. Immutable.
public final class SparseMap {

  private final long[] offsets;
  private final long[] lengths;

  private SparseMap(long[] offsets, long[] lengths) {
    this.offsets = offsets;
    this.lengths = lengths;
  }

  /// Regions of data.
  public int regions() {
    return offsets.length;
  }

  /// Where a region begins in the file.
  public long offset(int region) {
    return offsets[region];
  }

  /// Bytes of a region, at least one.
  public long length(int region) {
    return lengths[region];
  }

  /// Collects regions as they are read.
  static final class Builder {

    /// Most sparse files have a few regions.
    private static final int FIRST_CAPACITY = 8;

    private final int maxRegions;
    private long[] offsets = new long[FIRST_CAPACITY];
    private long[] lengths = new long[FIRST_CAPACITY];
    private int count;
    private int seen;
    private long end;
    private long stored;

    Builder(int maxRegions) {
      this.maxRegions = maxRegions;
    }

    /// Regions added so far, empty ones included.
    int seen() {
      return seen;
    }

    void add(long offset, long length) throws MalformedTarException {
      if (++seen > maxRegions) {
        throw new MalformedTarException(
            "expected at most %d regions in a sparse file, found more".formatted(maxRegions));
      }
      if (length < 0 || offset < end || offset > Long.MAX_VALUE - length) {
        throw new MalformedTarException(
            "expected sparse regions in ascending order, found %d bytes at %d after the end %d of the one before"
                .formatted(length, offset, end));
      }
      end = offset + length;
      if (length > 0) {
        append(offset, length);
      }
    }

    private void append(long offset, long length) {
      if (count == offsets.length) {
        offsets = Arrays.copyOf(offsets, 2 * count);
        lengths = Arrays.copyOf(lengths, 2 * count);
      }
      offsets[count] = offset;
      lengths[count] = length;
      stored += length;
      count++;
    }

    /// @param size bytes of the file
    /// @param content bytes that the archive has of it
    SparseMap build(long size, long content) throws MalformedTarException {
      if (end > size) {
        throw new MalformedTarException(
            "expected sparse regions within the %d bytes of the file, found one that ends at %d"
                .formatted(size, end));
      }
      if (stored != content) {
        throw new MalformedTarException(
            "expected the %d bytes of the sparse regions, found %d".formatted(stored, content));
      }
      return new SparseMap(Arrays.copyOf(offsets, count), Arrays.copyOf(lengths, count));
    }
  }
}
