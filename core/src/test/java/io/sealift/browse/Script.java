package io.sealift.browse;

import io.sealift.unpack.Attributes;
import io.sealift.unpack.Attributes.FileTime;
import io.sealift.unpack.Attributes.Xattr;
import io.sealift.unpack.LayerPath;
import io.sealift.unpack.TreeSink;
import io.sealift.unpack.TreeSink.DeviceKind;
import io.sealift.unpack.UnpackLimits;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Layers as lines: entries joined by `; `, layers by ` || `.
///
/// `dir P [MODE]`, `file P [CONTENT]`, `link P -> TEXT`, `hard P = TARGET`, `fifo P`, `dev P`,
/// `whiteout P`, `opaque P`
final class Script {

  private static final UnpackLimits DEEP =
      new UnpackLimits(1 << 20, 1 << 20, 1000, 1 << 20, 5000, 255, 1 << 20, 1, 1, 1);

  private Script() {}

  static ImageListing listing(String script) throws Exception {
    return listing(script, ListingLimits.DEFAULT);
  }

  static ImageListing listing(String script, ListingLimits limits) throws Exception {
    String[] layers = script.split(" \\|\\| ", -1);
    ListingBuilder builder = new ListingBuilder(layers.length, limits);
    for (int index = layers.length - 1; index >= 0; index--) {
      try (TreeSink sink = builder.layer(index)) {
        drive(layers[index], sink);
      }
    }
    return builder.build();
  }

  static void drive(String layer, TreeSink sink) throws Exception {
    for (String entry : layer.split(";", -1)) {
      if (!entry.isBlank()) {
        String[] words = entry.strip().split(" ", -1);
        entry(words, path(words[1]), sink);
      }
    }
    sink.finish();
  }

  private static void entry(String[] words, LayerPath path, TreeSink sink) throws Exception {
    int mode = words[0].equals("dir") && words.length > 2 ? Integer.parseInt(words[2], 8) : 0;
    switch (words[0]) {
      case "dir" -> sink.directory(path, attributes(mode == 0 ? 0755 : mode));
      case "file" -> file(path, words.length > 2 ? words[2] : "", sink);
      case "link" -> sink.symlink(path, bytes(words[3]), attributes(0777));
      case "hard" -> sink.hardLink(path, path(words[3]));
      case "fifo" -> sink.fifo(path, attributes(0600));
      case "dev" -> sink.device(path, DeviceKind.CHARACTER, 1, 3, attributes(0666));
      case "whiteout" -> sink.whiteout(path);
      case "opaque" -> sink.opaque(path);
      default -> throw new IllegalArgumentException(words[0]);
    }
  }

  private static void file(LayerPath path, String content, TreeSink sink) throws Exception {
    try (TreeSink.Body body = sink.file(path, attributes(0644), content.length())) {
      body.write(ByteBuffer.wrap(bytes(content)), 0);
    }
  }

  static Attributes attributes(int mode, String... xattrs) {
    List<Xattr> attributes = new ArrayList<>();
    for (String name : xattrs) {
      attributes.add(new Xattr(bytes(name), new byte[0]));
    }
    return new Attributes(mode, 1, 2, new FileTime(1_767_225_600, 5), attributes);
  }

  static LayerPath path(String text) throws Exception {
    return LayerPath.of(bytes(text), DEEP);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// What is below the root: type, mode and path, where a file's content is, how many names it has
  /// when there are more than one, a symlink's text.
  static String tree(ImageListing listing) throws Exception {
    List<String> lines = new ArrayList<>();
    List<Entry> entries = new ArrayList<>();
    listing.walk(new byte[0], entries::add);
    for (Entry entry : entries.subList(1, entries.size())) {
      StringBuilder line = new StringBuilder();
      line.append(entry.type().letter());
      line.append(entry.type() == Entry.Type.SYMLINK ? "" : Integer.toOctalString(entry.mode()));
      line.append(' ').append(new String(entry.path(), StandardCharsets.UTF_8));
      if (entry.type() == Entry.Type.REGULAR) {
        FileContent content = listing.content(entry.path()).orElseThrow();
        line.append('@').append(content.layer()).append('.').append(content.ordinal());
      }
      line.append(entry.links() > 1 ? "*" + entry.links() : "");
      byte[] target = entry.target();
      line.append(target == null ? "" : " -> " + new String(target, StandardCharsets.UTF_8));
      lines.add(line.toString());
    }
    return String.join(", ", lines);
  }
}
