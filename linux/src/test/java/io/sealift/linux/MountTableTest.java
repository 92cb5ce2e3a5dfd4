package io.sealift.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sealift.failure.StoreException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MountTableTest {

  private static final String TABLE =
      """
      22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/root rw
      30 22 0:26 / /run rw,nosuid - tmpfs tmpfs rw,size=1k
      41 40 0:39 / /run/a rw master:1 shared:2 - overlay sealift rw,lowerdir+=/x
      40 30 0:38 / /run/a rw - tmpfs tmp\\040fs rw
      42 30 0:40 / /run/with\\040blank\\134\\011 rw - overlay sealift rw
      43 41 0:41 / /run/a/b rw - proc proc rw
      """;

  private static List<String> sources(List<MountTable.Entry> entries) {
    return entries.stream().map(MountTable.Entry::source).toList();
  }

  @Test
  void mountsAtAPlaceAreInTheOrderInWhichTheyCover() throws Exception {
    MountTable table = MountTable.parse(TABLE);
    assertEquals(List.of("tmp fs", "sealift"), sources(table.at(Path.of("/run/a"))));
    assertEquals(List.of(), table.at(Path.of("/run/a/c")));
    assertEquals(List.of("/dev/root"), sources(table.at(Path.of("/"))));
  }

  @Test
  void pathsAreUnescaped() throws Exception {
    MountTable table = MountTable.parse(TABLE);
    assertEquals(List.of("sealift"), sources(table.at(Path.of("/run/with blank\\\t"))));
  }

  @Test
  void belowIsNotAt() throws Exception {
    MountTable table = MountTable.parse(TABLE);
    assertEquals(List.of("proc"), sources(table.below(Path.of("/run/a"))));
    assertEquals(5, table.below(Path.of("/")).size());
    assertEquals(List.of(), table.below(Path.of("/ru")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1 2 3", "1 2 0:1 / /x rw shared:1", "one 2 0:1 / /x rw - a b c"})
  void aLineThatIsNoMountIsRefused(String line) {
    assertThrows(StoreException.class, () -> MountTable.parse(line));
  }

  @Test
  void thisMachineHasARoot() throws Exception {
    assertEquals("/", MountTable.read().at(Path.of("/")).getLast().place());
  }
}
