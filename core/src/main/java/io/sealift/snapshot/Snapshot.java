package io.sealift.snapshot;

import java.nio.file.Path;
import java.util.List;

/// A root file system at `rootfs`, as `snapshotter` stacked it.
///
/// @param mounted whether it is a mount that has to be undone
/// @param notes what differs from what was asked for, one line each; usually empty
public record Snapshot(String snapshotter, Path rootfs, boolean mounted, List<String> notes) {

  public Snapshot {
    notes = List.copyOf(notes);
  }
}
