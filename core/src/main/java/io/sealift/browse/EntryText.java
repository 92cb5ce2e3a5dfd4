package io.sealift.browse;

import io.sealift.json.JsonObject;
import io.sealift.json.JsonValue;
import io.sealift.tar.Printable;
import io.sealift.unpack.Attributes.FileTime;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/// Entries for people and for programs.
public final class EntryText {

  private static final DateTimeFormatter MINUTES =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);

  /// Seconds from the year 0 to 9999, beyond which a time is shown as a number.
  private static final long FIRST_SECOND = -62_167_219_200L;

  private static final long LAST_SECOND = 253_402_300_799L;

  private EntryText() {}

  /// A line as `ls -l` has it, numbers for owners, times in UTC, without a line end: `-rwxr-xr-x 1
  /// 0 0 8 2026-01-01 00:00:00 bin/tool`. A `+` behind the mode says that there are extended
  /// attributes; a device has its numbers in the place of the size.
  public static String line(Entry entry) {
    byte[] target = entry.target();
    return "%s%s %d %d %d %s %s %s%s"
        .formatted(
            mode(entry),
            entry.xattrs().isEmpty() ? "" : "+",
            entry.links(),
            entry.uid(),
            entry.gid(),
            isDevice(entry) ? entry.major() + "," + entry.minor() : entry.size(),
            time(entry.mtime()),
            entry.path().length == 0 ? "." : Printable.of(entry.path()),
            target == null ? "" : " -> " + Printable.of(target));
  }

  /// The same as an object. A path or target that is not UTF-8 has its bytes besides, in base64,
  /// under `pathBytes` and `targetBytes`.
  public static JsonObject json(Entry entry) {
    Map<String, Object> members = new LinkedHashMap<>();
    putText(members, "path", entry.path());
    members.put("type", type(entry.type()));
    members.put("mode", "%04o".formatted(entry.mode()));
    members.put("uid", entry.uid());
    members.put("gid", entry.gid());
    members.put("size", entry.size());
    members.put("mtime", seconds(entry.mtime()));
    members.put("links", entry.links());
    byte[] target = entry.target();
    if (target != null) {
      putText(members, "target", target);
    }
    if (!entry.xattrs().isEmpty()) {
      members.put("xattrs", entry.xattrs().stream().map(Printable::of).toList());
    }
    if (isDevice(entry)) {
      members.put("major", entry.major());
      members.put("minor", entry.minor());
    }
    return (JsonObject) JsonValue.of(members);
  }

  /// A path or a link's text for people: on one line, what is not printable as `\xNN`.
  public static String printable(byte[] bytes) {
    return Printable.of(bytes);
  }

  /// The text; empty when the bytes are not UTF-8, or none.
  private static String utf8(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException other) {
      return "";
    }
  }

  private static void putText(Map<String, Object> members, String name, byte[] bytes) {
    String text = utf8(bytes);
    boolean exact = bytes.length == 0 || !text.isEmpty();
    members.put(name, exact ? text : Printable.of(bytes));
    if (!exact) {
      members.put(name + "Bytes", Base64.getEncoder().encodeToString(bytes));
    }
  }

  private static String mode(Entry entry) {
    StringBuilder text = new StringBuilder().append(entry.type().letter());
    int mode = entry.mode();
    for (int shift = 6; shift >= 0; shift -= 3) {
      int bits = mode >> shift;
      text.append((bits & 4) != 0 ? 'r' : '-').append((bits & 2) != 0 ? 'w' : '-');
      boolean special = (mode & (01000 << (shift / 3))) != 0;
      char letter = shift == 0 ? 't' : 's';
      boolean runs = (bits & 1) != 0;
      if (special) {
        text.append(runs ? letter : Character.toUpperCase(letter));
      } else {
        text.append(runs ? 'x' : '-');
      }
    }
    return text.toString();
  }

  private static String time(FileTime time) {
    return isCommon(time)
        ? MINUTES.format(Instant.ofEpochSecond(time.seconds()))
        : "@" + time.seconds();
  }

  private static String seconds(FileTime time) {
    return isCommon(time)
        ? Instant.ofEpochSecond(time.seconds(), time.nanos()).toString()
        : "@" + time.seconds();
  }

  private static boolean isCommon(FileTime time) {
    return time.seconds() >= FIRST_SECOND && time.seconds() <= LAST_SECOND;
  }

  private static String type(Entry.Type type) {
    return switch (type) {
      case REGULAR -> "file";
      case DIRECTORY -> "directory";
      case SYMLINK -> "symlink";
      case CHARACTER_DEVICE -> "character-device";
      case BLOCK_DEVICE -> "block-device";
      case FIFO -> "fifo";
    };
  }

  private static boolean isDevice(Entry entry) {
    return entry.type() == Entry.Type.CHARACTER_DEVICE || entry.type() == Entry.Type.BLOCK_DEVICE;
  }
}
