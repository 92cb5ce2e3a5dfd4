package io.sealift.linux;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.sealift.failure.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What is mounted where in this process's mount namespace, as it was when it was read (proc(5),
/// `/proc/PID/mountinfo`). Paths are bytes, one in each character.
public final class MountTable {

  private static final Path TABLE = Path.of("/proc/self/mountinfo");

  /// Fields that every line has: number, parent, device, root, place, options, and behind them
  /// optional ones up to a lone `-`.
  private static final int FIELDS = 6;

  private final List<Entry> entries;

  private MountTable(List<Entry> entries) {
    this.entries = entries;
  }

  /// One mount.
  ///
  /// @param place for people
  /// @param type of the file system, as `overlay`
  /// @param source what it was mounted from, or the name that it was given
  public record Entry(int id, int parent, String place, String type, String source) {

    private boolean isBelow(String directory) {
      return place.startsWith(directory.equals("/") ? "/" : directory + "/")
          && !place.equals(directory);
    }
  }

  public static MountTable read() throws StoreException {
    try {
      return parse(new String(Files.readAllBytes(TABLE), ISO_8859_1));
    } catch (IOException failed) {
      throw new StoreException("read %s: %s".formatted(TABLE, failed.getMessage()), failed);
    }
  }

  static MountTable parse(String table) throws StoreException {
    List<Entry> entries = new ArrayList<>();
    for (String line : table.split("\n", -1)) {
      if (!line.isEmpty()) {
        entries.add(entry(line));
      }
    }
    return new MountTable(entries);
  }

  private static Entry entry(String line) throws StoreException {
    String[] fields = line.split(" ", -1);
    int end = FIELDS;
    while (end < fields.length && !fields[end].equals("-")) {
      end++;
    }
    if (end + 2 >= fields.length) {
      throw new StoreException("read %s: not a mount: %s".formatted(TABLE, line));
    }
    try {
      int id = Integer.parseInt(fields[0]);
      int parent = Integer.parseInt(fields[1]);
      return new Entry(
          id, parent, unescape(fields[4]), unescape(fields[end + 1]), unescape(fields[end + 2]));
    } catch (NumberFormatException malformed) {
      throw new StoreException("read %s: not a mount: %s".formatted(TABLE, line), malformed);
    }
  }

  /// Blanks and backslashes are written as `\` with three octal digits.
  private static String unescape(String field) {
    StringBuilder text = new StringBuilder(field.length());
    for (int at = 0; at < field.length(); at++) {
      char c = field.charAt(at);
      if (c == '\\' && at + 3 < field.length()) {
        c = (char) Integer.parseInt(field, at + 1, at + 4, 8);
        at += 3;
      }
      text.append(c);
    }
    return text.toString();
  }

  /// What is mounted at a directory, on top of each other, the one that shows last.
  ///
  /// @param directory free of symlinks
  public List<Entry> at(Path directory) {
    String place = bytes(directory);
    List<Entry> left = new ArrayList<>(entries);
    left.removeIf(entry -> !entry.place.equals(place));
    List<Entry> ordered = new ArrayList<>();
    while (!left.isEmpty()) {
      Set<Integer> ids = new HashSet<>();
      left.forEach(entry -> ids.add(entry.id));
      Entry lowest =
          left.stream()
              .filter(entry -> !ids.contains(entry.parent) || entry.parent == entry.id)
              .findFirst()
              .orElseGet(left::getFirst);
      left.remove(lowest);
      ordered.add(lowest);
    }
    return ordered;
  }

  /// What is mounted below a directory, but not at it.
  ///
  /// @param directory free of symlinks
  public List<Entry> below(Path directory) {
    String place = bytes(directory);
    return entries.stream().filter(entry -> entry.isBelow(place)).toList();
  }

  private static String bytes(Path path) {
    return new String(RootDir.bytesOf(path), ISO_8859_1);
  }
}
