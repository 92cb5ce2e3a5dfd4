package io.sealift.store;

import io.sealift.unpack.Attributes;
import io.sealift.unpack.Attributes.Xattr;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Compares extended attributes with those that an archive gave, as the kernel keeps them. What a
/// security module of this machine adds does not count.
final class ExpectedXattrs {

  private static final String ACL = "system.posix_acl_";
  private static final String ACCESS_ACL = ACL + "access";

  /// An access control list (`linux/posix_acl_xattr.h`): a version, and entries of tag, permissions
  /// and id, little-endian.
  private static final int ACL_HEADER_BYTES = 4;

  private static final int ACL_ENTRY_BYTES = 8;
  private static final int PERMISSIONS_AT = 2;
  private static final int ID_AT = 4;

  private static final short TAG_OWNER = 0x01;
  private static final short TAG_USER = 0x02;
  private static final short TAG_OWNING_GROUP = 0x04;
  private static final short TAG_GROUP = 0x08;
  private static final short TAG_MASK = 0x10;
  private static final short TAG_OTHERS = 0x20;
  private static final int NO_ID = -1;

  private ExpectedXattrs() {}

  /// @param losses kinds of attributes that could not be kept
  /// @return the first difference, as `user.a: expected it, found none`; null when there is none
  static @Nullable String difference(Attributes expected, List<Xattr> found, Set<String> losses) {
    Map<String, byte[]> left = new TreeMap<>();
    found.forEach(xattr -> left.put(name(xattr), xattr.value()));
    Map<String, byte[]> wanted = new TreeMap<>();
    expected.xattrs().forEach(xattr -> wanted.put(name(xattr), xattr.value()));
    for (Map.Entry<String, byte[]> xattr : wanted.entrySet()) {
      String name = xattr.getKey();
      byte[] value = kept(name, xattr.getValue(), expected.mode());
      byte[] there = left.remove(name);
      if (!Arrays.equals(value, there) && !(there == null && isLost(name, losses))) {
        return "extended attribute %s: expected %s, found %s"
            .formatted(ByteText.of(ExpectedTree.bytes(name)), text(value), text(there));
      }
    }
    return left.keySet().stream()
        .filter(ExpectedXattrs::isFromArchives)
        .findFirst()
        .map(name ->
            "extended attribute %s: expected none, found %s"
                .formatted(ByteText.of(ExpectedTree.bytes(name)), text(left.get(name))))
        .orElse(null);
  }

  private static String name(Xattr xattr) {
    return ExpectedTree.text(xattr.name());
  }

  private static String text(byte @Nullable [] value) {
    return value == null ? "none" : "a value of %d bytes".formatted(value.length);
  }

  private static boolean isLost(String name, Set<String> losses) {
    return losses.contains(name)
        || losses.contains("extended attribute")
        || (losses.contains("user.*") && name.startsWith("user."));
  }

  /// Whether nobody but an archive gives such attributes to files of the store.
  private static boolean isFromArchives(String name) {
    return name.startsWith("user.") || name.startsWith(ACL) || name.equals("security.capability");
  }

  /// An access control list follows the mode, which is set after it; one that says no more than a
  /// mode is not kept. Ids where there are none are not kept either.
  private static byte @Nullable [] kept(String name, byte[] value, int mode) {
    if (!name.startsWith(ACL)) {
      return value;
    }
    ByteBuffer acl = ByteBuffer.wrap(value.clone()).order(ByteOrder.LITTLE_ENDIAN);
    boolean access = name.equals(ACCESS_ACL);
    boolean masked = false;
    boolean more = !access;
    for (int at = ACL_HEADER_BYTES; at + ACL_ENTRY_BYTES <= value.length; at += ACL_ENTRY_BYTES) {
      masked |= acl.getShort(at) == TAG_MASK;
    }
    for (int at = ACL_HEADER_BYTES; at + ACL_ENTRY_BYTES <= value.length; at += ACL_ENTRY_BYTES) {
      short tag = acl.getShort(at);
      boolean named = tag == TAG_USER || tag == TAG_GROUP;
      more |= named || tag == TAG_MASK;
      if (!named) {
        acl.putInt(at + ID_AT, NO_ID);
      }
      if (access) {
        acl.putShort(
            at + PERMISSIONS_AT, permissions(tag, acl.getShort(at + PERMISSIONS_AT), mode, masked));
      }
    }
    boolean empty = value.length < ACL_HEADER_BYTES + ACL_ENTRY_BYTES;
    return more && !empty ? acl.array() : null;
  }

  private static short permissions(short tag, short given, int mode, boolean masked) {
    int bits =
        switch (tag) {
          case TAG_OWNER -> mode >> 6;
          case TAG_OWNING_GROUP -> masked ? given : mode >> 3;
          case TAG_MASK -> mode >> 3;
          case TAG_OTHERS -> mode;
          default -> given;
        };
    return (short) (bits & 7);
  }
}
