package io.sealift.browse;

import io.sealift.unpack.Attributes.FileTime;
import io.sealift.unpack.LayerPath;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a name in a tree stands for. Names are bytes, kept as text with one character for each (ISO
/// 8859-1), which takes no more room and sorts in the same order.
sealed interface Node {

  /// A directory; the only kind that has names in it.
  final class Folder implements Node {

    /// What an implied directory has, and the root of an image without an entry for it.
    static final Properties IMPLIED = Properties.of(Entry.Type.DIRECTORY, 0755, 0, 0);

    final Map<String, Node> children = new HashMap<>(4);

    /// Names of lower layers that this layer deletes, whether or not it has them itself.
    final Set<String> deleted = new HashSet<>(0);

    /// Whether nothing of lower layers is seen here.
    boolean opaque;

    /// Null for a directory that is implied.
    @Nullable Properties properties;
  }

  /// Anything but a directory; hard links are the same leaf under several names.
  final class Leaf implements Node {

    final Properties properties;

    /// Where the content of a regular file is; null for others.
    final @Nullable FileContent content;

    /// Names that the leaf has in the merged tree.
    int links;

    Leaf(Properties properties, @Nullable FileContent content) {
      this.properties = properties;
      this.content = content;
    }

    boolean isSymlink() {
      return properties.type() == Entry.Type.SYMLINK;
    }
  }

  /// A hard link whose target was not there yet.
  final class Pending implements Node {

    final LayerPath path;
    final LayerPath target;

    /// Where the link stands.
    final Folder folder;

    final String name;

    Pending(LayerPath path, LayerPath target, Folder folder, String name) {
      this.path = path;
      this.target = target;
      this.folder = folder;
      this.name = name;
    }
  }

  /// What {@link Entry} says of a node besides its path and links.
  ///
  /// @param target a symlink's text, else null
  record Properties(
      Entry.Type type,
      int mode,
      long uid,
      long gid,
      long size,
      FileTime mtime,
      @Nullable String target,
      List<byte[]> xattrs,
      int major,
      int minor) {

    static Properties of(Entry.Type type, int mode, long uid, long gid) {
      return new Properties(type, mode, uid, gid, 0, new FileTime(0, 0), null, List.of(), 0, 0);
    }
  }
}
