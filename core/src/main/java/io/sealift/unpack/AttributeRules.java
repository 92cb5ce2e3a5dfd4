package io.sealift.unpack;

import io.sealift.failure.UnsafeContentException;
import io.sealift.tar.Printable;
import io.sealift.tar.TarEntry;
import io.sealift.unpack.Attributes.FileTime;
import io.sealift.unpack.Attributes.Xattr;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Which of an entry's attributes are kept, and within which bounds.
final class AttributeRules {

  /// The largest user or group number of Linux; one more means "leave it as it is" to chown.
  private static final long MAX_ID = 0xffff_fffeL;

  /// Seconds since 1970 that ext4 keeps, 1901 to 2446: the narrowest of the file systems in use.
  private static final long MIN_SECONDS = -(1L << 31);

  private static final long MAX_SECONDS = (1L << 34) - (1L << 31) - 1;

  /// Bytes of an extended attribute's name (Linux, XATTR_NAME_MAX).
  private static final int MAX_XATTR_NAME_BYTES = 255;

  /// Kinds of left out attributes that are told apart in the log.
  private static final int MAX_SKIPPED_NAMES = 16;

  private final UnpackLimits limits;
  private final Map<String, Long> skipped = new TreeMap<>();

  AttributeRules(UnpackLimits limits) {
    this.limits = limits;
  }

  Attributes attributes(LayerPath path, TarEntry entry) throws UnsafeContentException {
    requireId(path, "uid", entry.uid());
    requireId(path, "gid", entry.gid());
    List<Xattr> xattrs = entry.xattrs().isEmpty() ? List.of() : filtered(path, entry.xattrs());
    return new Attributes(entry.mode(), entry.uid(), entry.gid(), time(entry), xattrs);
  }

  private static void requireId(LayerPath path, String what, long id)
      throws UnsafeContentException {
    if (id > MAX_ID) {
      throw new UnsafeContentException(
          "unpack %s: expected a %s up to %d, found %d".formatted(path, what, MAX_ID, id));
    }
  }

  private static FileTime time(TarEntry entry) {
    long seconds = entry.mtimeSeconds();
    if (seconds < MIN_SECONDS) {
      return new FileTime(MIN_SECONDS, 0);
    }
    return seconds > MAX_SECONDS
        ? new FileTime(MAX_SECONDS, 0)
        : new FileTime(seconds, entry.mtimeNanos());
  }

  private List<Xattr> filtered(LayerPath path, List<TarEntry.Xattr> all)
      throws UnsafeContentException {
    List<Xattr> kept = new ArrayList<>(all.size());
    for (TarEntry.Xattr xattr : all) {
      String name = new String(xattr.name(), StandardCharsets.ISO_8859_1);
      check(path, xattr, name);
      if (isKept(name)) {
        kept.add(new Xattr(xattr.name(), xattr.value()));
      } else if (skipped.containsKey(name) || skipped.size() < MAX_SKIPPED_NAMES) {
        skipped.merge(name, 1L, Long::sum);
      }
    }
    return kept;
  }

  private void check(LayerPath path, TarEntry.Xattr xattr, String name)
      throws UnsafeContentException {
    if (name.startsWith("trusted.overlay.") || name.startsWith("user.overlay.")) {
      throw refusal(path, xattr, "no attribute that steers overlayfs, found one");
    }
    if (name.indexOf('\0') >= 0) {
      throw refusal(path, xattr, "no NUL in its name, found one");
    }
    if (xattr.name().length > MAX_XATTR_NAME_BYTES) {
      throw refusal(
          path,
          xattr,
          "at most %d bytes in its name, found %d"
              .formatted(MAX_XATTR_NAME_BYTES, xattr.name().length));
    }
    if (xattr.value().length > limits.maxXattrBytes()) {
      throw refusal(
          path,
          xattr,
          "at most %d bytes (maxXattrBytes), found %d"
              .formatted(limits.maxXattrBytes(), xattr.value().length));
    }
  }

  /// Labels and ACLs of another machine mean nothing here, and `trusted.` is for this machine
  /// alone.
  private static boolean isKept(String name) {
    return name.startsWith("user.")
        || name.startsWith("system.posix_acl_")
        || (name.startsWith("security.") && !name.equals("security.selinux"));
  }

  private static UnsafeContentException refusal(
      LayerPath path, TarEntry.Xattr xattr, String expected) {
    return new UnsafeContentException(
        "unpack %s: extended attribute %s: expected %s"
            .formatted(path, Printable.shortened(xattr.name()), expected));
  }

  /// Names a kind of entry for people.
  String describe(TarEntry.Kind kind) {
    return switch (kind) {
      case FILE -> "a regular file";
      case HARD_LINK -> "a hard link";
      case SYMLINK -> "a symlink";
      case CHARACTER_DEVICE, BLOCK_DEVICE -> "a device";
      case DIRECTORY -> "a directory";
      case FIFO -> "a FIFO";
    };
  }

  /// Logs which attributes were left out, and how often.
  void tellSkipped() {
    skipped.forEach((name, count) ->
        System.getLogger(AttributeRules.class.getName())
            .log(
                System.Logger.Level.DEBUG,
                "left out extended attribute name={0} entries={1}",
                Printable.of(name.getBytes(StandardCharsets.ISO_8859_1)),
                count));
  }
}
