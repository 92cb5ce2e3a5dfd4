package io.sealift.browse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sealift.json.JsonWriter;
import io.sealift.unpack.Attributes.FileTime;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EntryTextTest {

  // The checker does not see that the component is nullable when it comes from a class file.
  @SuppressWarnings("NullAway")
  private static Entry entry(
      Entry.Type type, int mode, FileTime time, byte[] path, byte @Nullable [] target) {
    int number = type == Entry.Type.BLOCK_DEVICE ? 8 : 0;
    return new Entry(path, type, mode, 0, 50, 7, time, 2, target, List.of(), number, number);
  }

  @ParameterizedTest
  @CsvSource({
    "REGULAR, 0644, -rw-r--r--",
    "REGULAR, 04755, -rwsr-xr-x",
    "REGULAR, 04644, -rwSr--r--",
    "REGULAR, 02711, -rwx--s--x",
    "REGULAR, 02604, -rw---Sr--",
    "DIRECTORY, 01777, drwxrwxrwt",
    "DIRECTORY, 01776, drwxrwxrwT",
    "SYMLINK, 0777, lrwxrwxrwx",
    "FIFO, 0, p---------",
    "CHARACTER_DEVICE, 0666, crw-rw-rw-",
  })
  void showsTypesAndModes(Entry.Type type, String mode, String text) {
    String line =
        EntryText.line(
            entry(type, Integer.parseInt(mode, 8), new FileTime(0, 0), new byte[0], null));
    assertEquals(text, line.substring(0, 10));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1970-01-01 00:00:00",
    "-1, 1969-12-31 23:59:59",
    "253402300799, 9999-12-31 23:59:59",
    "253402300800, @253402300800",
    "-62167219200, 0000-01-01 00:00:00",
    "-62167219201, @-62167219201",
    "9223372036854775807, @9223372036854775807",
    "-9223372036854775808, @-9223372036854775808",
  })
  void showsEveryTime(long seconds, String text) {
    assertEquals(
        "-rw-r--r-- 2 0 50 7 " + text + " a b",
        EntryText.line(
            entry(
                Entry.Type.REGULAR,
                0644,
                new FileTime(seconds, 999_999_999),
                "a b".getBytes(StandardCharsets.UTF_8),
                null)));
  }

  @Test
  void showsNumbersOfDevices() {
    assertEquals(
        "brw------- 2 0 50 8,8 1970-01-01 00:00:00 .",
        EntryText.line(
            entry(Entry.Type.BLOCK_DEVICE, 0600, new FileTime(0, 0), new byte[0], null)));
  }

  @Test
  void makesObjects() {
    Entry entry =
        new Entry(
            "bin/sh".getBytes(StandardCharsets.UTF_8),
            Entry.Type.SYMLINK,
            0777,
            1,
            4_294_967_294L,
            3,
            new FileTime(1, 5),
            1,
            new byte[] {(byte) 0xff, '\n'},
            List.of("user.x".getBytes(StandardCharsets.UTF_8)),
            0,
            0);
    assertEquals(
        "{'path':'bin/sh','type':'symlink','mode':'0777','uid':1,'gid':4294967294,'size':3,"
            + "'mtime':'1970-01-01T00:00:01.000000005Z','links':1,'target':'\\\\xff\\\\x0a',"
            + "'targetBytes':'/wo=','xattrs':['user.x']}",
        new String(JsonWriter.compact(EntryText.json(entry)), StandardCharsets.UTF_8)
            .replace('"', '\''));
    assertEquals(
        "{'path':'','type':'block-device','mode':'0600','uid':0,'gid':50,'size':7,"
            + "'mtime':'1970-01-01T00:00:00Z','links':2,'major':8,'minor':8}",
        new String(
                JsonWriter.compact(
                    EntryText.json(
                        entry(
                            Entry.Type.BLOCK_DEVICE, 0600, new FileTime(0, 0), new byte[0], null))),
                StandardCharsets.UTF_8)
            .replace('"', '\''));
  }
}
