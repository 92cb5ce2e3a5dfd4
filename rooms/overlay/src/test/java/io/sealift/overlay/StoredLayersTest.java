package io.sealift.overlay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.ImageException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.oci.DiffId;
import io.sealift.oci.DigestAlgorithm;
import io.sealift.snapshot.Snapshotter;
import io.sealift.store.Check;
import io.sealift.store.Check.Unproved;
import io.sealift.store.LayerLease;
import io.sealift.store.Store;
import io.sealift.testing.TarBuilder;
import io.sealift.testing.TarMember;
import io.sealift.unpack.TreeSink;
import io.sealift.unpack.TreeSummary;
import io.sealift.unpack.UnpackLimits;
import io.sealift.unpack.Unpacker;
import io.sealift.verify.Hasher;
import io.sealift.verify.JcaHashing;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What `fsck` says of layers as they lie on disk. Tars are told in words:
///
/// | word | member |
/// |---|---|
/// | `f:a=x`, `d:a`, `l:a=x`, `h:a=x` | file with content, directory, symlink, hard link |
/// | `w:a`, `o:a` | whiteout, opaque directory |
/// | `…,user.n=v`, `…,cap=v`, `…,acl=…`, `…,default=…` | with extended attributes; lists as `u7 g5 m7 o0` |
/// | `…,mode=0600` | with this mode |
class StoredLayersTest {

  private static final Snapshotter SNAPSHOTTER = new CopySnapshotter();

  @TempDir Path scratch;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "f:a=one h:b=a f:a=two         | a",
        "f:a=one h:b=a f:b=two         | ",
        "l:l=d f:l/x=one l:l=e         | l",
        "l:l=d f:l/x=one d:l           | l",
        "l:l=d f:l/x=one f:d/x=two     | d/x",
        "l:l=d f:d/x=one f:l/x=two     | l/x",
        "f:d/x=one w:d f:d/y=two       | ",
      })
  void aLayerThatReplacesItsOwnFilesIsSoundButNotProved(String script, @Nullable String place)
      throws Exception {
    try (Store store = open()) {
      DiffId layer = put(store, tar(script));
      List<Unproved> unproved =
          place == null
              ? List.of()
              : List.of(
                  new Unproved(
                      "layer " + layer,
                      "its digest was not computed, because a later entry replaces %s, whose content is gone"
                          .formatted(place)));
      assertEquals(new Check(0, 0, 1, List.of(), unproved), store.fsck(true));
    }
  }

  /// All that three entries can do to each other.
  @Test
  void layersOfAllEntriesInAllOrdersAreSound() throws Exception {
    List<String> words =
        List.of(
            "f:a=x", "d:a", "l:a=b", "h:a=b", "w:a", "o:a", "f:a/c=y", "w:a/c", "f:b=z", "d:b",
            "h:b=a/c", "h:a/c=b", "w:b");
    int sound = 0;
    int refused = 0;
    for (String first : words) {
      for (String second : words) {
        try (Store store =
            Store.open(scratch.resolve(first.hashCode() + "." + second.hashCode()), SNAPSHOTTER)) {
          List<String> scripts = new ArrayList<>();
          for (String third : words) {
            try {
              put(store, tar(first + " " + second + " " + third));
              scripts.add(third);
            } catch (UnsafeContentException circular) {
              refused++;
            }
          }
          Check check = store.fsck(false);
          assertEquals(List.of(), check.findings(), first + " " + second + " " + scripts);
          sound += check.layers();
        }
      }
    }
    assertEquals(words.size() * words.size() * words.size(), sound + refused);
    assertTrue(refused < sound / 10, "refused: " + refused);
  }

  /// The tree of the second tar under the split of the first.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "f:a=x,user.n=1    | f:a=x                   | a: extended attribute user.n: expected a value of 1 bytes, found none",
        "f:a=x,user.n=1    | f:a=x,user.n=2          | a: extended attribute user.n: expected a value of 1 bytes, found a value of 1 bytes",
        "f:a=x             | f:a=x,user.n=1          | a: extended attribute user.n: expected none, found a value of 1 bytes",
        "d:a               | d:a,user.n=1            | a: extended attribute user.n: expected none, found a value of 1 bytes",
        "d:a,user.n=1      | d:a                     | a: extended attribute user.n: expected a value of 1 bytes, found none",
        "f:a=x,mode=0670   | f:a=x,mode=0670,acl=u6 u7/3 g7 m7 o0 | a: extended attribute system.posix_acl_access: expected none, found a value of 44 bytes",
        "d:a               | d:a o:a                 | a: expected no opaque directory, found another",
        "d:a o:a           | d:a                     | a: expected an opaque directory, found another",
        "w:a d:a           | d:a                     | a: expected an opaque directory, found another",
        "d:d d:d/a o:d/a   | d:d d:d/a               | d/a: expected an opaque directory, found another",
        "d:.               | d:. o:.                 | .: expected no opaque directory, found another",
        "w:a               | d:a                     | a: expected a whiteout, found a directory",
        "f:a/b=x           | d:a,mode=0777 f:a/b=x   | a: expected mode 755, found 777",
      })
  void findsOtherAttributesAndMarks(String script, String found, String wrong) throws Exception {
    requireFinding(script, found, wrong);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "f:a=x       | f:a=x,cap=1 | a: extended attribute security.capability: expected none, found a value of 20 bytes",
        "f:a=x,cap=1 | f:a=x       | a: extended attribute security.capability: expected a value of 20 bytes, found none",
        "f:a=x,cap=1 | f:a=x,cap=2 | a: extended attribute security.capability: expected a value of 20 bytes, found a value of 20 bytes",
      })
  @Tag("root")
  void findsOtherCapabilities(String script, String found, String wrong) throws Exception {
    requireFinding(script, found, wrong);
  }

  private void requireFinding(String script, String found, String wrong) throws Exception {
    try (Store store = open()) {
      DiffId layer = put(store, tar(script));
      assertEquals(List.of(), store.fsck(false).findings());
      Path tree = store.layer(layer).orElseThrow().tree().directory();
      SNAPSHOTTER.remove(tree);
      unpack(tar(found), Files.createDirectory(tree), OutputStream.nullOutputStream());
      List<Check.Finding> findings = store.fsck(false).findings();
      assertEquals(1, findings.size(), found);
      assertTrue(findings.getFirst().wrong().startsWith(wrong), findings.toString());
    }
  }

  /// Lists that the kernel keeps in another form than they were given.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "f:a=x,mode=0640,acl=u6 u7/7 g4 m7 o0",
        "f:a=x,mode=0604,acl=u7 u7/7 g7 m7 o7",
        "f:a=x,mode=0644,acl=u6 g4 o4",
        "f:a=x,mode=0600,acl=u7 g7 o7",
        "f:a=x,mode=0644,acl=",
        "d:a,mode=0755,acl=u7 g5 g5/3 m5 o5",
        "d:a,mode=0750,default=u7 g5 o0",
        "d:a,mode=0750,default=u7/3 u7/9 g5 m7 o0",
        "d:a,mode=0750,default=",
        "f:a=x,default=u7 g5 o0",
        "f:a=x,acl=o7 g5 u0",
        "l:a=x,user.n=v",
      })
  void accessControlListsAreComparedAsTheKernelKeepsThem(String script) throws Exception {
    try (Store store = open()) {
      put(store, tar(script));
      assertEquals(new Check(0, 0, 1, List.of(), List.of()), store.fsck(false));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "f:etc/shadow=x,mode=0000             | its digest was not computed, because a file cannot be read: openat2 etc/shadow: EACCES (permission denied); run 'sealift fsck' as root",
        "f:etc/shadow=x,mode=0200             | its digest was not computed, because a file cannot be read: openat2 etc/shadow: EACCES (permission denied); run 'sealift fsck' as root",
        "d:d,mode=0000 f:d/x=x                | its digest was not computed, because a file cannot be read: openat2 d/x: EACCES (permission denied); run 'sealift fsck' as root",
        "d:d,mode=0000 l:d/x=x                | its tree was not compared in full, because something cannot be read: openat2 d: EACCES (permission denied); run 'sealift fsck' as root",
        "d:d,mode=0600 l:d/x=x                | its tree was not compared in full, because something cannot be read: openat2 d/x: EACCES (permission denied); run 'sealift fsck' as root",
        "f:empty=,mode=0000                   | ",
      })
  @Tag("root")
  void whatItsUserMayNotReadIsNotProved(String script, @Nullable String why) throws Throwable {
    DiffId layer;
    try (Store store = open()) {
      layer = put(store, tar(script, OrdinaryUser.NOBODY));
      store.fsck(true); // an ordinary user may not be able to load classes from where root has them
    }
    chown(OrdinaryUser.NOBODY, scratch);
    OrdinaryUser.run(
        scratch,
        () -> {
          try (Store store = open()) {
            List<Unproved> unproved =
                why == null ? List.of() : List.of(new Unproved("layer " + layer, why));
            for (boolean repair : new boolean[] {false, true}) {
              assertEquals(new Check(0, 0, 1, List.of(), unproved), store.fsck(repair));
            }
            assertTrue(store.layer(layer).isPresent());
          }
        });
  }

  private static void chown(long user, Path tree) throws Exception {
    Process chown =
        new ProcessBuilder("chown", "-hR", Long.toString(user), tree.toString())
            .inheritIO()
            .start();
    assertEquals(0, chown.waitFor());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "f:s=x,mode=0000",
        "f:s=x,mode=0200 h:t=s",
        "d:d,mode=0000 f:d/x=x",
        "d:d,mode=0300 d:d/e,mode=0077 l:d/e/x=x",
      })
  void whatAnOrdinaryUserHasWrittenIsProvedWhateverItsMode(String script) throws Throwable {
    warmUp(script);
    OrdinaryUser.run(
        scratch,
        () -> {
          try (Store store = open()) {
            DiffId layer = put(store, tar(script));
            assertEquals(new Check(0, 0, 1, List.of(), List.of()), store.fsck(false));
            Path tree = store.layer(layer).orElseThrow().tree().directory();
            Files.setAttribute(tree.resolve(script.substring(2, 3)), "unix:mode", 0701);
            assertEquals(1, store.fsck(false).findings().size());
            SNAPSHOTTER.remove(tree);
          }
        });
  }

  /// An ordinary user may not be able to load classes from where the one who runs the test has
  /// them.
  private void warmUp(String script) throws Exception {
    try (Store store = Store.open(scratch.resolve("other"), SNAPSHOTTER)) {
      DiffId layer = put(store, tar(script));
      store.fsck(true);
      SNAPSHOTTER.remove(store.layer(layer).orElseThrow().tree().directory());
      store.fsck(true);
    }
  }

  private Store open() throws Exception {
    return Store.open(scratch.resolve("store"), SNAPSHOTTER);
  }

  private static DiffId put(Store store, byte[] tar) throws ImageException, InterruptedIOException {
    DiffId layer;
    try (Hasher hasher = new JcaHashing().open(DigestAlgorithm.SHA256)) {
      hasher.update(ByteBuffer.wrap(tar));
      layer = new DiffId(hasher.digest());
    }
    try (LayerLease lease = store.lease(layer, () -> {})) {
      if (lease.present().isEmpty()) {
        lease.commit(unpack(tar, lease.tree(), lease.split()), tar.length, null);
      }
    }
    return layer;
  }

  private static TreeSummary unpack(byte[] tar, Path tree, OutputStream split)
      throws ImageException, InterruptedIOException {
    try (TreeSink sink = SNAPSHOTTER.sink(tree)) {
      Deque<ByteBuffer> pieces = new ArrayDeque<>(List.of(ByteBuffer.wrap(tar)));
      return new Unpacker(UnpackLimits.DEFAULT).unpack(pieces::poll, sink, split);
    }
  }

  private static byte[] tar(String script) {
    return tar(script, 0);
  }

  private static byte[] tar(String script, long owner) {
    TarBuilder tar = new TarBuilder();
    for (String word : script.split(" (?=[a-z]:)", -1)) {
      tar.add(member(word).owner(owner, 0));
    }
    return tar.build();
  }

  private static TarMember member(String word) {
    String[] parts = word.substring(2).split(",", -1);
    String[] what = parts[0].split("=", -1);
    String name = what[0];
    String dir = name.contains("/") ? name.substring(0, name.lastIndexOf('/') + 1) : "";
    TarMember member =
        switch (word.charAt(0)) {
          case 'f' -> TarMember.file(name, what[1]);
          case 'd' -> TarMember.directory(name);
          case 'l' -> TarMember.symlink(name, what[1]);
          case 'h' -> TarMember.hardLink(name, what[1]);
          case 'w' -> TarMember.file(dir + ".wh." + name.substring(dir.length()), "");
          default -> TarMember.file(name + "/.wh..wh..opq", "");
        };
    for (int i = 1; i < parts.length; i++) {
      String key = parts[i].substring(0, parts[i].indexOf('='));
      String value = parts[i].substring(parts[i].indexOf('=') + 1);
      switch (key) {
        case "mode" -> member.mode(Integer.parseInt(value, 8));
        case "cap" -> member.xattr("security.capability", capability(Integer.parseInt(value)));
        case "acl" -> member.xattr("system.posix_acl_access", list(value));
        case "default" -> member.xattr("system.posix_acl_default", list(value));
        default -> member.xattr(key, value);
      }
    }
    return member;
  }

  private static byte[] capability(int bits) {
    return ByteBuffer.allocate(20)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(0x02000000)
        .putInt(bits)
        .array();
  }

  /// Entries as `u7`, the owner's, or `u7/12`, another user's.
  private static byte[] list(String text) {
    String[] entries = text.isEmpty() ? new String[0] : text.split(" ", -1);
    ByteBuffer list = ByteBuffer.allocate(4 + 8 * entries.length).order(ByteOrder.LITTLE_ENDIAN);
    list.putInt(2);
    for (String entry : entries) {
      boolean named = entry.contains("/");
      int tag =
          switch (entry.charAt(0)) {
            case 'u' -> named ? 2 : 1;
            case 'g' -> named ? 8 : 4;
            case 'm' -> 0x10;
            default -> 0x20;
          };
      list.putShort((short) tag).putShort((short) (entry.charAt(1) - '0'));
      list.putInt(named ? Integer.parseInt(entry.substring(3)) : 99);
    }
    return list.array();
  }
}
