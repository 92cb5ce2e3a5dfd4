package io.sealift.cli;

import io.sealift.testing.ImageBuilder;
import io.sealift.testing.Packing;
import io.sealift.testing.TarBuilder;
import io.sealift.testing.TarMember;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Random layers over a small pool of names, the same for the same seed. They keep to what the
/// specification has an answer to: a layer has a name once, parents are there, what is deleted is
/// of a lower layer, and nothing of the layer takes the place of what it links to. What is
/// otherwise has images of its own in {@link StackedImages}.
final class RandomImage {

  private static final int LAYERS_MIN = 3;
  private static final int LAYERS_MAX = 5;
  private static final int STEPS_MIN = 12;
  private static final int STEPS_MAX = 30;
  private static final int DEPTH_MAX = 3;
  private static final String[] NAMES = {"a", "b", "c", "d\u00e9", "e f"};
  private static final int[] MODES = {0644, 0600, 0755, 0711, 0777, 04755, 02750, 01777, 0700};
  private static final long[] OWNERS = {0, 0, 1, 1000, 65_534, 3_000_000_000L};
  private static final Packing[] PACKINGS = {Packing.GZIP, Packing.GZIP_MEMBERS, Packing.TAR};
  private static final byte[] CAPABILITY =
      HexFormat.of().parseHex("0100000200200000000000000000000000000000");

  private final Random random;
  private final boolean asRoot;

  /// The tree so far: whether there is a directory at a path.
  private final TreeMap<String, Boolean> tree = new TreeMap<>();

  /// What the layers below have, what this one has or hides, and what it links to.
  private Set<String> lower = Set.of();

  private final TreeSet<String> used = new TreeSet<>();
  private final TreeSet<String> linked = new TreeSet<>();
  private TarBuilder layer = new TarBuilder();

  private RandomImage(Random random, boolean asRoot) {
    this.random = random;
    this.asRoot = asRoot;
  }

  /// @param asRoot whether it has devices, owners and capabilities
  static TreeImage of(long seed, boolean asRoot) {
    return new TreeImage(
        "random, seed " + seed, asRoot, new RandomImage(new Random(seed), asRoot).build().build());
  }

  private ImageBuilder build() {
    ImageBuilder image = new ImageBuilder();
    int layers = LAYERS_MIN + random.nextInt(LAYERS_MAX - LAYERS_MIN + 1);
    for (int i = 0; i < layers; i++) {
      begin(i == 0);
      int steps = STEPS_MIN + random.nextInt(STEPS_MAX - STEPS_MIN + 1);
      for (int step = 0; step < steps; step++) {
        step();
      }
      image.layer(layer.build(), PACKINGS[random.nextInt(PACKINGS.length)]);
    }
    return image;
  }

  private void begin(boolean lowest) {
    layer = new TarBuilder();
    lower = Set.copyOf(tree.keySet());
    used.clear();
    linked.clear();
    if (lowest || random.nextInt(3) == 0) {
      layer.add(member("."));
    }
  }

  private void step() {
    String path = place();
    switch (random.nextInt(14)) {
      case 0, 1, 2, 3 -> directory(path);
      case 4, 5, 6 -> put(path, file(path));
      case 7 -> put(path, TarMember.symlink(path, place()).mtime(time(), 0));
      case 8 -> put(path, node(path));
      case 9, 10 -> hardLink(path);
      case 11 -> whiteout(existing());
      case 12 -> renew(existing());
      default -> opaque(random.nextInt(8) == 0 ? "" : existing());
    }
  }

  /// A name in a directory that is there.
  private String place() {
    List<String> parents = new ArrayList<>(List.of(""));
    tree.forEach((path, directory) -> {
      if (directory && path.split("/", -1).length < DEPTH_MAX) {
        parents.add(path + "/");
      }
    });
    return parents.get(random.nextInt(parents.size())) + NAMES[random.nextInt(NAMES.length)];
  }

  private String existing() {
    List<String> paths = new ArrayList<>(tree.keySet());
    return paths.isEmpty() ? "" : paths.get(random.nextInt(paths.size()));
  }

  private void directory(String path) {
    boolean there = Boolean.TRUE.equals(tree.get(path));
    if (there ? !used.contains(path) : isFree(path)) {
      layer.add(member(path));
      used.add(path);
      tree.put(path, true);
    }
  }

  /// A directory, which an ordinary user has to be let into.
  private TarMember member(String path) {
    TarMember directory = described(TarMember.directory(path));
    return asRoot ? directory : directory.mode(mode() | 0700);
  }

  private void put(String path, TarMember member) {
    if (isFree(path)) {
      layer.add(member);
      remove(path);
      used.add(path);
      tree.put(path, false);
    }
  }

  private TarMember file(String path) {
    TarMember file = described(TarMember.file(path, "content ".repeat(random.nextInt(400))));
    return asRoot && random.nextInt(4) == 0 ? file.xattr("security.capability", CAPABILITY) : file;
  }

  private TarMember node(String path) {
    TarMember member =
        switch (asRoot ? random.nextInt(3) : 0) {
          case 0 -> TarMember.of('6', path);
          case 1 ->
              TarMember.of('3', path).device(1 + random.nextInt(300), random.nextInt(100_000));
          default -> TarMember.of('4', path).device(random.nextInt(300), random.nextInt(1000));
        };
    return owned(member.mode(mode())).mtime(time(), 0);
  }

  private void hardLink(String path) {
    List<String> targets = new ArrayList<>();
    tree.forEach((target, directory) -> {
      if (!directory && !isAtOrBelow(target, path)) {
        targets.add(target);
      }
    });
    if (!targets.isEmpty() && isFree(path)) {
      String target = targets.get(random.nextInt(targets.size()));
      put(path, TarMember.hardLink(path, target));
      linked.add(target);
    }
  }

  private void whiteout(String path) {
    if (lower.contains(path) && !isUsed(path)) {
      layer.file(inParent(path, ".wh." + path.substring(path.lastIndexOf('/') + 1)), "");
      remove(path);
      used.add(path);
    }
  }

  /// A directory in the place of one that is deleted.
  private void renew(String path) {
    if (lower.contains(path) && isFree(path)) {
      whiteout(path);
      layer.add(member(path));
      tree.put(path, true);
    }
  }

  /// @param path empty for the root
  private void opaque(String path) {
    boolean root = path.isEmpty() && used.isEmpty();
    if (root || (isLowerDirectory(path) && !isUsed(path))) {
      layer.file(root ? ".wh..wh..opq" : path + "/.wh..wh..opq", "");
      if (root) {
        tree.clear();
      } else {
        remove(path);
        tree.put(path, true);
      }
      used.add(path + "/"); // so that nothing else takes its place
    }
  }

  private boolean isLowerDirectory(String path) {
    return lower.contains(path) && Boolean.TRUE.equals(tree.get(path));
  }

  private static String inParent(String path, String name) {
    return path.substring(0, path.lastIndexOf('/') + 1) + name;
  }

  private void remove(String path) {
    tree.keySet().removeIf(other -> isAtOrBelow(other, path));
  }

  private boolean isFree(String path) {
    return !isUsed(path) && linked.stream().noneMatch(target -> isAtOrBelow(target, path));
  }

  private boolean isUsed(String path) {
    return used.stream().anyMatch(other -> isAtOrBelow(other, path));
  }

  private static boolean isAtOrBelow(String path, String above) {
    return path.equals(above) || path.startsWith(above + "/");
  }

  private TarMember described(TarMember member) {
    owned(member.mode(mode()))
        .mtime(time(), random.nextInt(3) == 0 ? random.nextInt(1_000_000_000) : 0);
    if (random.nextInt(4) == 0) {
      member.xattr("user.x", Integer.toString(random.nextInt(10)));
    }
    return member;
  }

  private TarMember owned(TarMember member) {
    return asRoot
        ? member.owner(OWNERS[random.nextInt(OWNERS.length)], OWNERS[random.nextInt(OWNERS.length)])
        : member;
  }

  private int mode() {
    return MODES[random.nextInt(MODES.length)];
  }

  private long time() {
    return random.nextLong(-1_000_000_000L, 4_000_000_000L);
  }
}
