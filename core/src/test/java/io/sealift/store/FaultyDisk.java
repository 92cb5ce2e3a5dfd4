package io.sealift.store;

import io.sealift.failure.StoreException;
import java.nio.file.Path;

/// A disk on which something happens before a certain change is made.
final class FaultyDisk extends Disk {

  private final int at;
  private final Fault fault;
  private final boolean lasting;
  private int changes;

  /// @param at which change, counted from 1
  FaultyDisk(int at, Fault fault) {
    this(at, fault, false);
  }

  private FaultyDisk(int at, Fault fault, boolean lasting) {
    this.at = at;
    this.fault = fault;
    this.lasting = lasting;
  }

  /// Fails once.
  static FaultyDisk failing(int at) {
    return new FaultyDisk(
        at,
        (change, what) -> {
          if (change == at) {
            throw new StoreException(what + ": the disk is full");
          }
        });
  }

  /// Fails from then on, as for a process that is dead.
  static FaultyDisk dying(int at) {
    return new FaultyDisk(
        at,
        (_, what) -> {
          throw new StoreException(what + ": dead");
        },
        true);
  }

  /// Changes that were tried.
  int changes() {
    return changes;
  }

  /// Whether the process that it stands for is dead.
  boolean isDead() {
    return lasting && changes >= at;
  }

  private void before(String what, Path subject) throws StoreException {
    changes++;
    if (changes >= at) {
      fault.happen(changes, what + " " + subject);
    }
  }

  @Override
  void makeDirectory(Path directory) throws StoreException {
    before("make directory", directory);
    super.makeDirectory(directory);
  }

  @Override
  void touch(Path file) throws StoreException {
    before("touch", file);
    super.touch(file);
  }

  @Override
  void write(Path file, byte[] bytes) throws StoreException {
    before("write", file);
    super.write(file, bytes);
  }

  @Override
  void rename(Path from, Path to) throws StoreException {
    before("rename", to);
    super.rename(from, to);
  }

  @Override
  void sync(Path directory) throws StoreException {
    before("sync", directory);
    super.sync(directory);
  }

  @Override
  void delete(Path file) throws StoreException {
    before("delete", file);
    super.delete(file);
  }

  interface Fault {
    void happen(int change, String what) throws StoreException;
  }
}
