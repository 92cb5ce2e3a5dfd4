package io.sealift.browse;

import io.sealift.browse.Node.Folder;
import io.sealift.browse.Node.Leaf;
import io.sealift.browse.Node.Pending;
import io.sealift.failure.UnsafeContentException;
import io.sealift.tar.Printable;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Directories and leaves below a root, with paths walked as a kernel walks them in a root of its
/// own: `..` of the root is the root, an absolute symlink begins there.
final class Tree {

  /// Symlinks followed on the way of one path, as Linux has it.
  static final int MAX_SYMLINKS = 40;

  final Folder root = new Folder();

  private final Budget budget;

  Tree(Budget budget) {
    this.budget = budget;
  }

  /// What is at the path; null when there is nothing.
  ///
  /// @param followLast whether a symlink that is the last component is followed
  @Nullable Found find(String path, boolean followLast) throws UnsafeContentException {
    Walk walk = new Walk(path);
    while (walk.hasNext()) {
      String part = walk.next();
      switch (walk.folder().children.get(part)) {
        case null -> {
          return null;
        }
        case Folder folder -> walk.enter(part, folder);
        case Leaf leaf when leaf.isSymlink() && (followLast || !walk.isDone()) -> walk.follow(leaf);
        case Leaf leaf -> {
          return walk.isDone() ? new Found(walk.path(part), leaf) : null;
        }
        case Pending link -> {
          return walk.isDone() ? new Found(walk.path(part), link) : null;
        }
      }
    }
    return new Found(walk.path(null), walk.folder());
  }

  /// The directory at the path, which is made with its parents where something else or nothing is;
  /// symlinks are followed.
  Folder make(String path) throws UnsafeContentException {
    Walk walk = new Walk(path);
    while (walk.hasNext()) {
      String part = walk.next();
      Node there = walk.folder().children.get(part);
      if (there instanceof Leaf leaf && leaf.isSymlink()) {
        walk.follow(leaf);
      } else if (there instanceof Folder folder) {
        walk.enter(part, folder);
      } else {
        budget.take(part.length());
        Folder implied = new Folder();
        walk.folder().children.put(part, implied);
        walk.enter(part, implied);
      }
    }
    return walk.folder();
  }

  /// @param path from the root, without a leading `/`
  record Found(String path, Node node) {}

  /// A path on its way: where it is, and what of it is still to be walked.
  private final class Walk {

    private final String text;
    private final Deque<String> rest = new ArrayDeque<>();
    private final Deque<Folder> folders = new ArrayDeque<>();
    private final Deque<String> names = new ArrayDeque<>();
    private int symlinks;

    Walk(String text) {
      this.text = text;
      prepend(text);
    }

    /// Whether a name comes; steps up and stays put are done on the way.
    boolean hasNext() {
      while (!rest.isEmpty() && (rest.peek().equals("..") || rest.peek().equals("."))) {
        if (rest.pop().equals("..") && !folders.isEmpty()) {
          folders.removeLast();
          names.removeLast();
        }
      }
      return !rest.isEmpty();
    }

    /// Whether nothing of the path is left, not even a step up.
    boolean isDone() {
      return rest.isEmpty();
    }

    String next() {
      return rest.pop();
    }

    Folder folder() {
      Folder last = folders.peekLast();
      return last == null ? root : last;
    }

    void enter(String name, Folder folder) {
      names.addLast(name);
      folders.addLast(folder);
    }

    void follow(Leaf symlink) throws UnsafeContentException {
      if (++symlinks > MAX_SYMLINKS) {
        throw new UnsafeContentException(
            "look up %s: more than %d symlinks on the way"
                .formatted(Printable.shortened(LayerListing.bytes(text)), MAX_SYMLINKS));
      }
      String target = Objects.requireNonNull(symlink.properties.target());
      if (target.startsWith("/")) {
        folders.clear();
        names.clear();
      }
      prepend(target);
    }

    private void prepend(String path) {
      for (String part : Arrays.asList(path.split("/", -1)).reversed()) {
        if (!part.isEmpty()) {
          rest.push(part);
        }
      }
    }

    String path(@Nullable String last) {
      String folder = String.join("/", names);
      if (last == null) {
        return folder;
      }
      return folder.isEmpty() ? last : folder + "/" + last;
    }
  }
}
