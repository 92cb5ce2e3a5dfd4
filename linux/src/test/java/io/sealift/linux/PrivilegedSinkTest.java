package io.sealift.linux;

import static io.sealift.linux.LayerFixture.bytes;
import static io.sealift.linux.LayerFixture.owned;
import static io.sealift.linux.LayerFixture.path;
import static io.sealift.linux.LayerFixture.xattr;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.snapshot.FileStat;
import io.sealift.unpack.Attributes.Xattr;
import io.sealift.unpack.TreeSink.DeviceKind;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What only root may make.
@Tag("root")
class PrivilegedSinkTest {

  /// `cap_net_raw=ep`, version 2 of `struct vfs_cap_data` (`linux/capability.h`), little endian.
  private static final Xattr CAPABILITY =
      new Xattr(bytes("security.capability"), bytes("\1\0\0\2\0\40\0\0\0\0\0\0\0\0\0\0\0\0\0\0"));

  @TempDir Path scratch;

  @ParameterizedTest
  @CsvSource({"0,0", "1000,100", "65536,0", "2147483648,4294967294"})
  void givesOwners(long uid, long gid) throws Exception {
    try (LayerFixture layer = new LayerFixture(scratch)) {
      layer.directory("d", owned(0755, uid, gid)).file("d/f", "", owned(0644, uid, gid));
      layer.fifo("p", owned(0600, uid, gid));
      layer.sink().symlink(path("l"), bytes("f"), owned(0777, uid, gid));
      assertEquals(List.of(), layer.finish().losses());
      for (String entry : List.of("d", "d/f", "p", "l")) {
        assertEquals(uid, layer.stat(entry).uid(), entry);
        assertEquals(gid, layer.stat(entry).gid(), entry);
      }
    }
  }

  @Test
  void capabilitiesAndSetUserIdSurviveTheChangeOfOwner() throws Exception {
    try (LayerFixture layer = new LayerFixture(scratch)) {
      layer.file("f", "", owned(06755, 7, 8, CAPABILITY)).finish();
      assertEquals(06755, layer.stat("f").permissions());
      assertEquals(
          List.of("security.capability=\1\0\0\2\0\40\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
          layer.xattrs("f"));
    }
  }

  @ParameterizedTest
  @CsvSource({"CHARACTER,1,3", "CHARACTER,4095,1048575", "BLOCK,8,0", "BLOCK,259,65537"})
  void makesDevices(DeviceKind kind, int major, int minor) throws Exception {
    try (LayerFixture layer = new LayerFixture(scratch)) {
      layer.sink().device(path("a/dev"), kind, major, minor, owned(0666, 0, 6));
      layer.finish();
      FileStat stat = layer.stat("a/dev");
      assertEquals(major, stat.major());
      assertEquals(minor, stat.minor());
      assertEquals(0666, stat.permissions());
      assertEquals(LayerFixture.TIME, stat.mtime());
    }
  }

  @Test
  void aDeviceThatWouldPassForAWhiteoutIsRefused() throws Exception {
    try (LayerFixture layer = new LayerFixture(scratch)) {
      assertThrows(
          UnsafeContentException.class,
          () -> layer.sink().device(path("x"), DeviceKind.CHARACTER, 0, 0, owned(0, 0, 0)));
      assertEquals(List.of(), layer.lines());
    }
  }

  @Test
  void newEntriesTakeNothingFromTheirDirectory() throws Exception {
    // An access control list (version 2, user::rwx user:7:rwx group::rwx mask::rwx other::rwx).
    String acl =
        "\2\0\0\0\1\0\7\0\u00ff\u00ff\u00ff\u00ff\2\0\7\0\7\0\0\0\4\0\7\0\u00ff\u00ff\u00ff\u00ff"
            + "\20\0\7\0\u00ff\u00ff\u00ff\u00ff\40\0\7\0\u00ff\u00ff\u00ff\u00ff";
    try (LayerFixture layer = new LayerFixture(scratch)) {
      layer.directory("d", owned(02775, 0, 50, xattr("system.posix_acl_default", acl)));
      layer.file("d/f", "", owned(0640, 0, 0)).directory("d/e", owned(0750, 0, 0));
      layer.fifo("d/p", owned(0600, 0, 0)).file("d/i/f", "", owned(0600, 0, 0)).finish();
      assertEquals(List.of("system.posix_acl_default=" + acl), layer.xattrs("d"));
      for (String entry : List.of("d/f", "d/e", "d/p", "d/i", "d/i/f")) {
        assertEquals(List.of(), layer.xattrs(entry), entry);
        assertEquals(0, layer.stat(entry).gid(), entry);
      }
      assertEquals(
          List.of(
              "dir 2775 d",
              "dir 750 d/e",
              "file 640 d/f ",
              "dir 755 d/i",
              "file 600 d/i/f ",
              "fifo 600 d/p"),
          layer.lines());
    }
  }

  @Test
  void impliedDirectoriesAreForRootAndAllToRead() throws Exception {
    Files.setPosixFilePermissions(scratch, PosixFilePermissions.fromString("rwx------"));
    try (LayerFixture layer = new LayerFixture(scratch)) {
      layer.directory("d", owned(02700, 5, 6)).file("d/i/f", "", owned(0600, 5, 6)).finish();
      for (String implied : List.of(".", "d/i")) {
        FileStat stat = layer.stat(implied);
        assertEquals(0755, stat.permissions());
        assertEquals(0, stat.uid());
        assertEquals(0, stat.gid());
      }
    }
  }

  @Test
  void symlinksTakeNoAttributesThatAreForFiles() throws Exception {
    try (LayerFixture layer = new LayerFixture(scratch)) {
      layer
          .sink()
          .symlink(path("l"), bytes("f"), owned(0777, 0, 0, xattr("user.x", "1"), CAPABILITY));
      layer.file("f", "", owned(0644, 0, 0));
      assertEquals(
          List.of("user.*"), layer.finish().losses().stream().map(loss -> loss.what()).toList());
      assertEquals(List.of(), layer.xattrs("f"));
    }
  }

  @Test
  void aFullDiskIsNamedWithTheFileThatDidNotFit() throws Exception {
    Path full = Files.createDirectory(scratch.resolve("full"));
    try (Kernel kernel = Kernel.open()) {
      long tmpfs = kernel.secondName(bytes("tmpfs"));
      MemorySegment options = kernel.allocate(64);
      options.setString(0, "size=64k");
      long target = kernel.name(RootDir.bytesOf(full));
      assertEquals(0, kernel.call(Syscall.MOUNT, tmpfs, target, tmpfs, 0, options.address()));
      try (LayerFixture layer = new LayerFixture(full)) {
        StoreException failure =
            assertThrows(StoreException.class, () -> layer.file("a/b", "x".repeat(100_000)));
        assertEquals(
            "pwrite64 a/b: ENOSPC (no space left on device); make room, of blocks and of inodes, for example with 'sealift gc', or use another file system",
            failure.getMessage());
      } finally {
        kernel.call(Syscall.UMOUNT2, kernel.name(RootDir.bytesOf(full)), 0);
      }
    }
  }

  @Test
  void opaqueIsMarkedForAMountByRoot() throws Exception {
    try (LayerFixture layer = new LayerFixture(scratch)) {
      layer.opaque("d").finish();
      assertEquals(List.of("trusted.overlay.opaque=y"), layer.xattrs("d"));
    }
  }
}
