package io.sealift.linux;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.snapshot.Snapshotter.Usage;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/// Adds up what a tree takes.
final class TreeUsage implements TreeWalk.Visitor {
  private final Statx statx;
  private final Set<Statx.Inode> linked = new HashSet<>();
  private long bytes;
  private long inodes;

  private TreeUsage(Statx statx) {
    this.statx = statx;
  }

  static Usage of(Kernel kernel, Path tree) throws StoreException {
    Statx statx = new Statx(kernel);
    TreeUsage usage = new TreeUsage(statx);
    int root = RootDir.open(kernel, tree).descriptor();
    try (TreeWalk walk = new TreeWalk(kernel, tree, usage)) {
      usage.directory(root, tree);
      walk.below(root);
    } catch (UnsafeContentException impossible) {
      throw new StoreException(impossible.getMessage(), impossible);
    }
    return new Usage(usage.bytes, usage.inodes);
  }

  private void directory(int descriptor, Object subject) throws StoreException {
    statx.of(descriptor, subject);
    count();
  }

  private void count() {
    bytes += statx.allocated();
    inodes++;
  }

  @Override
  public void entry(int parent, long name, TreeWalk walk) throws StoreException {
    statx.of(parent, name, walk);
    if (statx.links() == 1 || linked.add(statx.inode())) {
      count();
    }
  }

  @Override
  public void enter(int directory, TreeWalk walk) throws StoreException {
    directory(directory, walk);
  }

  @Override
  public void leave(int parent, long name, TreeWalk walk) {}
}
