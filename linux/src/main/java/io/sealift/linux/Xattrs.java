package io.sealift.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.sealift.failure.StoreException;
import io.sealift.unpack.Attributes.Xattr;
import io.sealift.unpack.LayerPath;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Sets and reads extended attributes (xattr(7)). What a file system or the lack of a privilege
/// refuses is a loss.
final class Xattrs {

  /// `XATTR_NAME_MAX` and `XATTR_SIZE_MAX` of `linux/limits.h`, in bytes.
  static final int NAME_BYTES_MAX = 255;

  static final int VALUE_BYTES_MAX = 1 << 16;

  private static final byte[] DEFAULT_ACL = ascii("system.posix_acl_default");
  private static final byte[] ACCESS_ACL = ascii("system.posix_acl_access");
  private static final byte[] CAPABILITY = ascii("security.capability");
  private static final byte[] USER = ascii("user.");
  private static final byte[] USER_OVERLAY = ascii("user.overlay.");
  private static final byte[] SYSTEM_ACL = ascii("system.posix_acl_");

  private final Kernel kernel;
  private final Losses losses;
  private @Nullable MemorySegment value;

  Xattrs(Kernel kernel, Losses losses) {
    this.kernel = kernel;
    this.losses = losses;
  }

  /// Whether entries that are made in a directory take something from this attribute.
  static boolean isInherited(Xattr xattr) {
    return Arrays.equals(xattr.name(), DEFAULT_ACL);
  }

  void set(int descriptor, Xattr xattr, LayerPath entry) throws StoreException {
    set(Syscall.FSETXATTR, descriptor, xattr, entry);
  }

  /// Sets an attribute of a name in a directory, a symlink not followed.
  void setAt(int directory, byte[] name, Xattr xattr, LayerPath entry) throws StoreException {
    set(Syscall.LSETXATTR, kernel.name(viaProc(directory, name)), xattr, entry);
  }

  /// The path by which calls that take no descriptor reach a name in an open directory.
  static byte[] viaProc(int directory, byte[] name) {
    byte[] start = ascii("/proc/self/fd/" + directory + "/");
    byte[] path = Arrays.copyOf(start, start.length + name.length);
    System.arraycopy(name, 0, path, start.length, name.length);
    return path;
  }

  private void set(Syscall call, long where, Xattr xattr, LayerPath entry) throws StoreException {
    long result;
    if (xattr.name().length > NAME_BYTES_MAX) {
      result = -Errno.ERANGE;
    } else if (xattr.value().length > VALUE_BYTES_MAX) {
      result = -Errno.E2BIG;
    } else {
      long name = kernel.secondName(xattr.name());
      result = kernel.call(call, where, name, toNative(xattr.value()), xattr.value().length, 0);
    }
    if (result >= 0) {
      return;
    }
    switch ((int) -result) {
      // EINVAL: a value that is malformed, or names a user that this user namespace lacks.
      case Errno.EPERM,
          Errno.EACCES,
          Errno.EOPNOTSUPP,
          Errno.E2BIG,
          Errno.ERANGE,
          Errno.ENOSPC,
          Errno.EINVAL ->
          losses.add(kind(xattr.name()), entry, result);
      default -> throw Kernel.failure(call, entry, result);
    }
  }

  private long toNative(byte[] bytes) {
    if (value == null) {
      value = kernel.allocate(VALUE_BYTES_MAX);
    }
    MemorySegment.copy(bytes, 0, value, JAVA_BYTE, 0, bytes.length);
    return value.address();
  }

  /// The attribute's name where names are few, else its name space.
  private static String kind(byte[] name) {
    if (Arrays.equals(name, CAPABILITY) || startsWith(name, SYSTEM_ACL)) {
      return new String(name, StandardCharsets.US_ASCII);
    }
    return startsWith(name, USER) ? "user.*" : "extended attribute";
  }

  /// Sets an attribute of the store's own.
  ///
  /// @return 0, or the negated {@link Errno}
  long setOwn(int descriptor, String name, String text) {
    byte[] bytes = ascii(text);
    return kernel.call(
        Syscall.FSETXATTR, descriptor, kernel.name(ascii(name)), toNative(bytes), bytes.length, 0);
  }

  /// Takes away what an archive may have given: not the marks of overlayfs nor what a security
  /// module added.
  void clear(int descriptor, Object subject) throws StoreException {
    for (byte[] name : names(descriptor, subject)) {
      boolean fromArchive =
          Arrays.equals(name, CAPABILITY)
              || startsWith(name, SYSTEM_ACL)
              || (startsWith(name, USER) && !startsWith(name, USER_OVERLAY));
      if (fromArchive) {
        kernel.must(Syscall.FREMOVEXATTR, subject, descriptor, kernel.name(name), 0, 0);
      }
    }
  }

  /// Takes away the access control lists that a directory took from its own parent.
  void clearAcls(int descriptor) {
    kernel.call(Syscall.FREMOVEXATTR, descriptor, kernel.name(DEFAULT_ACL));
    kernel.call(Syscall.FREMOVEXATTR, descriptor, kernel.name(ACCESS_ACL));
  }

  /// All attributes of an open file, those included that only root sees.
  List<Xattr> all(int descriptor, Object subject) throws StoreException {
    List<Xattr> xattrs = new ArrayList<>();
    for (byte[] name : names(descriptor, subject)) {
      add(xattrs, name, Syscall.FGETXATTR, descriptor, subject);
    }
    return xattrs;
  }

  /// The same of a name in a directory, a symlink not followed.
  List<Xattr> allAt(int directory, byte[] name, Object subject) throws StoreException {
    List<Xattr> xattrs = new ArrayList<>();
    byte[] path = viaProc(directory, name);
    for (byte[] xattr : split(list(Syscall.LLISTXATTR, kernel.name(path), subject))) {
      add(xattrs, xattr, Syscall.LGETXATTR, kernel.name(path), subject);
    }
    return xattrs;
  }

  private void add(List<Xattr> xattrs, byte[] name, Syscall call, long where, Object subject)
      throws StoreException {
    long address = toNative(new byte[0]);
    long length = kernel.call(call, where, kernel.secondName(name), address, VALUE_BYTES_MAX);
    if (length == -Errno.ENODATA) {
      return;
    }
    if (length < 0) {
      throw Kernel.failure(call, subject, length);
    }
    xattrs.add(new Xattr(name, valueBytes(length)));
  }

  private List<byte[]> names(int descriptor, Object subject) throws StoreException {
    return split(list(Syscall.FLISTXATTR, descriptor, subject));
  }

  private byte[] list(Syscall call, long where, Object subject) throws StoreException {
    long length = kernel.call(call, where, toNative(new byte[0]), VALUE_BYTES_MAX);
    if (length == -Errno.EOPNOTSUPP) {
      return new byte[0];
    }
    if (length < 0) {
      throw Kernel.failure(call, subject, length);
    }
    return valueBytes(length);
  }

  private byte[] valueBytes(long length) {
    return Objects.requireNonNull(value).asSlice(0, length).toArray(JAVA_BYTE);
  }

  private static List<byte[]> split(byte[] list) {
    List<byte[]> names = new ArrayList<>();
    int start = 0;
    for (int at = 0; at < list.length; at++) {
      if (list[at] == 0) {
        names.add(Arrays.copyOfRange(list, start, at));
        start = at + 1;
      }
    }
    return names;
  }

  private static boolean startsWith(byte[] name, byte[] start) {
    return name.length >= start.length
        && Arrays.equals(name, 0, start.length, start, 0, start.length);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
