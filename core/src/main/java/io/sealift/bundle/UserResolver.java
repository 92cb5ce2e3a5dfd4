package io.sealift.bundle;

import io.sealift.bundle.Accounts.Group;
import io.sealift.bundle.Accounts.User;
import io.sealift.bundle.BundleOptions.Profile;
import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Turns the `User` of an image config into numbers (OCI image specification, config.md and
/// conversion.md), by the image's own `/etc/passwd` and `/etc/group`, which are read only when they
/// are needed:
///
/// | `User` | uid | gid | further groups |
/// |---|---|---|---|
/// | empty | 0 | 0 | none |
/// | `uid` | as it is | of the entry with that uid, else 0 | none |
/// | `uid:gid` | as it is | as it is | none |
/// | `uid:group` | as it is | of the group, which must be there | none |
/// | `user` | of the entry, which must be there | of the entry | those that name the user |
/// | `user:gid` | of the entry, which must be there | as it is | none |
/// | `user:group` | of the entry, which must be there | of the group, which must be there | none |
///
/// Digits alone are always a number, never a name. As containerd has it (its profile), the groups
/// that name the user are always added, the primary one before them, and an empty `User` is a
/// member of what `root` is.
final class UserResolver {

  /// The largest number that a user or group may have: what runtimes keep as a signed 32-bit number
  /// wraps to root above it (CVE-2024-40635).
  private static final long MAX_ID = Integer.MAX_VALUE;

  /// Characters of a `User`; two names of Linux have at most 65.
  private static final int MAX_LENGTH = 1024;

  private final Accounts accounts;
  private final Profile profile;

  UserResolver(Accounts accounts, Profile profile) {
    this.accounts = accounts;
    this.profile = profile;
  }

  /// @throws UnsafeContentException when it is malformed, out of range, or names someone whom the
  ///   image does not know
  Identity resolve(String text) throws StoreException, UnsafeContentException {
    int colon = text.indexOf(':');
    String user = colon < 0 ? text : text.substring(0, colon);
    String group = colon < 0 ? null : text.substring(colon + 1);
    refuseMalformed(text, user, group);
    if (text.isEmpty()) {
      return identity(0, 0, groupsOf("root", ""));
    }
    Long number = number(text, user);
    User known = number == null ? named(text, user) : null;
    if (known == null && (group == null || profile == Profile.CONTAINERD)) {
      known = accounts.user(Objects.requireNonNull(number)).orElse(null);
    }
    long uid = number != null ? number : inRange(text, "uid", Objects.requireNonNull(known).uid());
    long gid = group == null ? primary(text, known) : group(text, group);
    boolean nameAlone = number == null && group == null;
    String member = known == null ? "" : known.name();
    return identity(uid, gid, nameAlone ? groupsOf(member, member) : groupsOf(member, ""));
  }

  private static void refuseMalformed(String text, String user, @Nullable String group)
      throws UnsafeContentException {
    if (text.length() > MAX_LENGTH) {
      throw bad(text, "more than %d characters".formatted(MAX_LENGTH));
    }
    if (group != null && (user.isEmpty() || group.isEmpty() || group.indexOf(':') >= 0)) {
      throw bad(text, "expected user, uid, or either with :group or :gid");
    }
    for (String part : group == null ? List.of(user) : List.of(user, group)) {
      if (part.startsWith("-") || part.startsWith("+")) {
        throw bad(text, "a name or number has no sign");
      }
      if (part.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
        throw bad(text, "a name has no control characters");
      }
    }
  }

  /// The number that the part is; null when it is a name.
  private static @Nullable Long number(String text, String part) throws UnsafeContentException {
    if (part.isEmpty() || !part.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return null;
    }
    String digits = part.replaceFirst("^0+(?=.)", "");
    if (digits.length() > 10 || Long.parseLong(digits) > MAX_ID) {
      throw bad(text, "number out of range, expected 0 to " + MAX_ID);
    }
    return Long.parseLong(digits);
  }

  private User named(String text, String name) throws StoreException, UnsafeContentException {
    return accounts
        .user(name)
        .orElseThrow(() -> bad(text, "the image's /etc/passwd has no user of this name"));
  }

  private static long primary(String text, @Nullable User known) throws UnsafeContentException {
    return known == null ? 0 : inRange(text, "gid", known.gid());
  }

  private long group(String text, String part) throws StoreException, UnsafeContentException {
    Long number = number(text, part);
    if (number != null) {
      return number;
    }
    Group group =
        accounts
            .group(part)
            .orElseThrow(() -> bad(text, "the image's /etc/group has no group of this name"));
    return inRange(text, "gid", group.gid());
  }

  /// The groups that have `member` among their members, but for the one of the same name.
  ///
  /// @param member whom containerd looks for
  /// @param alone whom the specification looks for, empty for nobody
  private Set<Long> groupsOf(String member, String alone)
      throws StoreException, UnsafeContentException {
    String sought = profile == Profile.CONTAINERD ? member : alone;
    Set<Long> gids = new LinkedHashSet<>();
    if (!sought.isEmpty()) {
      for (Group group : accounts.groupsWith(sought)) {
        gids.add(inRange(sought, "gid of a group", group.gid()));
      }
    }
    return gids;
  }

  private Identity identity(long uid, long gid, Set<Long> further) {
    List<Long> gids = new ArrayList<>(further);
    if (profile == Profile.CONTAINERD && !gids.contains(gid)) {
      gids.addFirst(gid);
    }
    return new Identity(uid, gid, gids);
  }

  private static long inRange(String text, String what, long id) throws UnsafeContentException {
    if (id < 0 || id > MAX_ID) {
      throw bad(
          text,
          "%s %d in the image's files is out of range, expected 0 to %d"
              .formatted(what, id, MAX_ID));
    }
    return id;
  }

  private static UnsafeContentException bad(String text, String why) {
    return new UnsafeContentException("resolve user %s: %s".formatted(Quoted.of(text), why));
  }

  /// Who a process is.
  ///
  /// @param additionalGids further groups, in the order of `/etc/group`
  record Identity(long uid, long gid, List<Long> additionalGids) {
    Identity {
      additionalGids = List.copyOf(additionalGids);
    }
  }
}
