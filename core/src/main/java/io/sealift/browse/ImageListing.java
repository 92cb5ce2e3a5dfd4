package io.sealift.browse;

import io.sealift.browse.Node.Folder;
import io.sealift.browse.Node.Leaf;
import io.sealift.browse.Node.Properties;
import io.sealift.browse.Tree.Found;
import io.sealift.failure.UnsafeContentException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What a container of an image would see, entry by entry, without any content; made by {@link
/// ListingBuilder}. Paths are given from the root, with or without a leading `/`; `.` and `..` mean
/// what they mean to a kernel, and symlinks are followed but never lead out of the image. Immutable
/// and thread-safe. Every method throws {@link UnsafeContentException} when more symlinks are
/// followed than a kernel would.
public final class ImageListing {

  private final Tree tree;

  ImageListing(Tree tree) {
    this.tree = tree;
    countLinks();
  }

  private void countLinks() {
    Deque<Folder> rest = new ArrayDeque<>(List.of(tree.root));
    while (!rest.isEmpty()) {
      for (Node child : rest.pop().children.values()) {
        if (child instanceof Folder folder) {
          rest.push(folder);
        } else if (child instanceof Leaf leaf) {
          leaf.links++;
        }
      }
    }
  }

  /// What is at `path` itself, a symlink there not followed; empty when there is nothing.
  public Optional<Entry> stat(byte[] path) throws UnsafeContentException {
    return Optional.ofNullable(tree.find(LayerListing.text(path), false)).map(ImageListing::entry);
  }

  /// Where `path` leads to, all symlinks followed; empty when there is nothing.
  public Optional<Entry> resolve(byte[] path) throws UnsafeContentException {
    return Optional.ofNullable(find(path)).map(ImageListing::entry);
  }

  /// What is in the directory that `path` leads to, in ascending order of the names' unsigned
  /// bytes; empty when there is no directory.
  public Optional<List<Entry>> list(byte[] path) throws UnsafeContentException {
    Found found = find(path);
    if (found == null || !(found.node() instanceof Folder)) {
      return Optional.empty();
    }
    return Optional.of(children(found).stream().map(ImageListing::entry).toList());
  }

  /// Gives the entry that `path` leads to and everything below it, parents before their children,
  /// names in ascending order; nothing when there is nothing.
  public void walk(byte[] path, Consumer<Entry> visitor) throws UnsafeContentException {
    Found start = find(path);
    Deque<Found> rest = new ArrayDeque<>();
    if (start != null) {
      rest.push(start);
    }
    while (!rest.isEmpty()) {
      Found next = rest.pop();
      visitor.accept(entry(next));
      children(next).reversed().forEach(rest::push);
    }
  }

  /// Where the content is of the regular file that `path` leads to; empty when there is nothing or
  /// something else.
  public Optional<FileContent> content(byte[] path) throws UnsafeContentException {
    Found found = find(path);
    return found != null && found.node() instanceof Leaf leaf
        ? Optional.ofNullable(leaf.content)
        : Optional.empty();
  }

  private @Nullable Found find(byte[] path) throws UnsafeContentException {
    return tree.find(LayerListing.text(path), true);
  }

  private static List<Found> children(Found parent) {
    List<Found> children = new ArrayList<>();
    if (parent.node() instanceof Folder folder) {
      String prefix = parent.path().isEmpty() ? "" : parent.path() + "/";
      new TreeMap<>(folder.children)
          .forEach((name, node) -> children.add(new Found(prefix + name, node)));
    }
    return children;
  }

  private static Entry entry(Found found) {
    return switch (found.node()) {
      case Folder folder ->
          entry(found.path(), Objects.requireNonNullElse(folder.properties, Folder.IMPLIED), 1);
      case Leaf leaf -> entry(found.path(), leaf.properties, leaf.links);
      case Node.Pending link ->
          throw new IllegalStateException("not merged: " + link.path + " -> " + link.target);
    };
  }

  private static Entry entry(String path, Properties properties, int links) {
    String target = properties.target();
    return new Entry(
        LayerListing.bytes(path),
        properties.type(),
        properties.mode(),
        properties.uid(),
        properties.gid(),
        properties.size(),
        properties.mtime(),
        links,
        target == null ? null : LayerListing.bytes(target),
        properties.xattrs(),
        properties.major(),
        properties.minor());
  }
}
