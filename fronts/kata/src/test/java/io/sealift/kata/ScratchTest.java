package io.sealift.kata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.wire.Code;
import io.sealift.wire.ServerLimits;
import io.sealift.wire.Services;
import io.sealift.wire.TtrpcException;
import io.sealift.wire.TtrpcServer;
import io.sealift.wire.guest.DataHub;
import io.sealift.wire.guest.MountRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The encrypted volume below the store.
class ScratchTest {

  @TempDir private Path dir;
  private final List<MountRequest> mounts = new CopyOnWriteArrayList<>();
  private TestGuest guest;
  private volatile boolean broken;

  @BeforeEach
  void make() throws Exception {
    guest = new TestGuest(dir);
    guest.push("app", "one");
  }

  @AfterEach
  void end() {
    guest.close();
  }

  private TtrpcServer hub() throws Exception {
    Path socket = guest.directory.resolve("run/hub.sock");
    guest.options.add("--hub=" + socket);
    return TtrpcServer.listen(
        socket,
        Services.builder()
            .add(
                DataHub.SECURE_MOUNT_SERVICE,
                DataHub.SECURE_MOUNT,
                request -> {
                  mounts.add(MountRequest.decode(request.payload()));
                  if (broken) {
                    throw new TtrpcException(Code.INTERNAL, "[CDH] [ERROR]: secure mount failed");
                  }
                  return new byte[0];
                })
            .build(),
        ServerLimits.DEFAULT);
  }

  private String pull(String container) throws Exception {
    try (TestAgent agent = guest.agent()) {
      return agent.pull(guest.name("app"), guest.bundle(container)).toString();
    }
  }

  @Test
  void isThereBeforeTheFirstImageAndAskedForOnce() throws Exception {
    guest.options.add("--scratch-device=8:16");
    try (TtrpcServer _ = hub()) {
      guest.start();
      assertEquals("0", pull("c1"));
      assertEquals("0", pull("c2"));
    }
    assertEquals(
        List.of(
            new MountRequest(
                "block-device",
                Map.of(
                    "deviceId", "8:16",
                    "sourceType", "empty",
                    "targetType", "fileSystem",
                    "filesystemType", "ext4",
                    "mkfsOpts", "-E lazy_journal_init",
                    "encryptionType", "luks2",
                    "dataIntegrity", "false"),
                List.of(),
                guest.workDir.toString())),
        mounts);
  }

  @Test
  void mayBeADeviceByNameWithIntegrity() throws Exception {
    guest.options.addAll(List.of("--scratch-device=/dev/vdb", "--scratch-integrity"));
    try (TtrpcServer _ = hub()) {
      guest.start();
      assertEquals("0", pull("c1"));
    }
    assertEquals("/dev/vdb", mounts.getFirst().options().get("devicePath"));
    assertEquals("true", mounts.getFirst().options().get("dataIntegrity"));
  }

  @Test
  void letsNothingInWhenItCannotBeHadAndIsTriedAgain() throws Exception {
    guest.options.add("--scratch-device=8:16");
    broken = true;
    try (TtrpcServer _ = hub()) {
      guest.start();
      String refused = pull("c1");
      assertTrue(
          refused.startsWith(
              "13 [CDH] [ERROR]: mount scratch volume 8:16 at %s: ".formatted(guest.workDir)),
          refused);
      assertFalse(Files.exists(guest.workDir.resolve("format")));
      broken = false;
      assertEquals("0", pull("c1"));
      assertEquals(2, mounts.size());
    }
  }

  @Test
  void isNotAskedForWithoutADevice() throws Exception {
    try (TtrpcServer _ = hub()) {
      guest.start();
      assertEquals("0", pull("c1"));
    }
    assertEquals(List.of(), mounts);
  }
}
