package io.sealift.kata;

import static io.sealift.service.Log.field;

import io.sealift.failure.ImageException;
import io.sealift.failure.StoreException;
import io.sealift.failure.TransferException;
import io.sealift.linux.MountTable;
import io.sealift.service.Log;
import io.sealift.wire.TtrpcException;
import io.sealift.wire.guest.DataHub;
import io.sealift.wire.guest.MountRequest;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The encrypted volume that the store lies on, where one is wanted: a block device of the
/// untrusted host, which the data hub behind this daemon encrypts with a key that it makes up and
/// forgets (guest-components, `confidential-data-hub/docs/SECURE_STORAGE.md`). No image comes
/// before it is there.
final class Scratch {

  /// A device of 1 TiB has its file system in seconds; with integrity every block is written.
  private static final Duration TIMEOUT = Duration.ofMinutes(20);

  private final @Nullable String device;
  private final boolean integrity;
  private final @Nullable Path hub;
  private final Log log;

  /// The directory that was prepared last.
  private @Nullable Path prepared;

  /// @param device `MAJOR:MINOR` or a path; null when no volume is wanted
  /// @param integrity whether what the host changes on the device is noticed
  /// @param hub the socket of the hub behind
  Scratch(@Nullable String device, boolean integrity, @Nullable Path hub, Log log) {
    this.device = device;
    this.integrity = integrity;
    this.hub = hub;
    this.log = log;
  }

  /// Puts the volume in place unless something is mounted there: this daemon may have been started
  /// again, and a volume that is encrypted anew is empty.
  ///
  /// @throws ImageException when it cannot be put there; tried again for the next pull
  synchronized void prepare(Path workDir) throws ImageException, InterruptedIOException {
    if (device == null || hub == null || workDir.equals(prepared)) {
      return;
    }
    List<MountTable.Entry> there = MountTable.read().at(real(workDir));
    if (there.isEmpty()) {
      mount(hub, device, workDir);
      log.info("scratch volume is mounted", field("device", device), field("at", workDir));
    } else {
      log.info(
          "scratch volume is there",
          field("at", workDir),
          field("type", there.getLast().type()),
          field("source", there.getLast().source()));
    }
    prepared = workDir;
  }

  private static Path real(Path directory) throws StoreException {
    try {
      return Files.createDirectories(directory).toRealPath();
    } catch (IOException failed) {
      throw new StoreException("make work directory %s: %s".formatted(directory, failed), failed);
    }
  }

  private void mount(Path behind, String volume, Path workDir)
      throws ImageException, InterruptedIOException {
    Map<String, String> options = new LinkedHashMap<>();
    options.put(volume.startsWith("/") ? "devicePath" : "deviceId", volume);
    options.put("sourceType", "empty");
    options.put("targetType", "fileSystem");
    options.put("filesystemType", "ext4");
    options.put("mkfsOpts", "-E lazy_journal_init");
    options.put("encryptionType", "luks2");
    options.put("dataIntegrity", Boolean.toString(integrity));
    try {
      new DataHub(behind, TIMEOUT)
          .mount(new MountRequest("block-device", options, List.of(), workDir.toString()));
    } catch (TtrpcException failed) {
      throw TransferException.lasting(
          "mount scratch volume %s at %s: %s".formatted(volume, workDir, failed.reason()), failed);
    }
  }
}
