package io.sealift.bundle;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The users and groups that a root file system knows: its `/etc/passwd` and `/etc/group`
/// (passwd(5), group(5)). Lines are taken as containerd takes them: space around a line does not
/// count, empty lines and those that begin with `#` are passed over, fields that are missing or no
/// number count as 0, and the first entry that fits is the one. A file that is not there has no
/// entries.
final class Accounts {

  private static final int NAME = 0;
  private static final int UID = 2;
  private static final int PASSWD_GID = 3;
  private static final int GROUP_GID = 2;
  private static final int MEMBERS = 3;

  private final Source files;

  Accounts(Source files) {
    this.files = files;
  }

  Optional<User> user(String name) throws StoreException, UnsafeContentException {
    return users().stream().filter(user -> user.name().equals(name)).findFirst();
  }

  Optional<User> user(long uid) throws StoreException, UnsafeContentException {
    return users().stream().filter(user -> user.uid() == uid).findFirst();
  }

  Optional<Group> group(String name) throws StoreException, UnsafeContentException {
    return groups().stream().filter(group -> group.name().equals(name)).findFirst();
  }

  /// The groups that list the member, but for the group of the same name.
  List<Group> groupsWith(String member) throws StoreException, UnsafeContentException {
    return groups().stream()
        .filter(group -> !group.name().equals(member) && group.members().contains(member))
        .toList();
  }

  private List<User> users() throws StoreException, UnsafeContentException {
    List<User> users = new ArrayList<>();
    for (String[] fields : lines("etc/passwd")) {
      users.add(new User(fields[NAME], number(fields, UID), number(fields, PASSWD_GID)));
    }
    return users;
  }

  private List<Group> groups() throws StoreException, UnsafeContentException {
    List<Group> groups = new ArrayList<>();
    for (String[] fields : lines("etc/group")) {
      List<String> members =
          fields.length <= MEMBERS ? List.of() : List.of(fields[MEMBERS].split(",", -1));
      groups.add(new Group(fields[NAME], number(fields, GROUP_GID), members));
    }
    return groups;
  }

  private List<String[]> lines(String path) throws StoreException, UnsafeContentException {
    Optional<byte[]> bytes = files.read(path);
    if (bytes.isEmpty()) {
      return List.of();
    }
    return new String(bytes.get(), StandardCharsets.UTF_8)
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && line.charAt(0) != '#')
        .map(line -> line.split(":", -1))
        .toList();
  }

  /// A number as Go's Atoi has it with its error ignored: a sign may stand before it, what is no
  /// number is 0, and what is too large stays too large.
  private static long number(String[] fields, int index) {
    String text = index < fields.length ? fields[index] : "";
    boolean signed = text.startsWith("-") || text.startsWith("+");
    String digits = signed ? text.substring(1) : text;
    if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return 0;
    }
    String significant = digits.replaceFirst("^0+(?=.)", "");
    long value = significant.length() > 18 ? Long.MAX_VALUE : Long.parseLong(significant);
    return text.startsWith("-") ? -value : value;
  }

  /// Where the two files are read from.
  @FunctionalInterface
  interface Source {
    Optional<byte[]> read(String path) throws StoreException, UnsafeContentException;
  }

  record User(String name, long uid, long gid) {}

  record Group(String name, long gid, List<String> members) {}
}
