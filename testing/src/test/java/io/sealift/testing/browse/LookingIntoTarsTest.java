package io.sealift.testing.browse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sealift.browse.EntryText;
import io.sealift.browse.FileExtractor;
import io.sealift.browse.ImageListing;
import io.sealift.browse.ListingBuilder;
import io.sealift.testing.TarBuilder;
import io.sealift.testing.TarMember;
import io.sealift.unpack.TreeSink;
import io.sealift.unpack.UnpackLimits;
import io.sealift.unpack.Unpacker;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Listing and extraction behind the unpacker, from real tars.
class LookingIntoTarsTest {

  private static final List<byte[]> LAYERS =
      List.of(
          new TarBuilder()
              .add(TarMember.directory("tmp").mode(01777))
              .add(TarMember.file("bin/tool", "tool 1").mode(04755))
              .add(TarMember.file("bin/tool", "tool 2").mode(0755).xattr("user.x", "1"))
              .symlink("sbin", "bin")
              .file("etc/a", "a")
              .file("etc/b", "b")
              .characterDevice("dev/null", 1, 3)
              .fifo("run/pipe")
              .build(),
          new TarBuilder()
              .file("sbin/other", "other")
              .file("etc/.wh.a", "")
              .hardLink("etc/c", "etc/b")
              .file("tmp/t", "t")
              .add(
                  TarMember.file("sparse", "")
                      .sparse(
                          TarMember.Sparse.PAX_1_0,
                          10,
                          new TreeMap<>(java.util.Map.of(4L, bytes("mid")))))
              .build(),
          new TarBuilder().file("run/.wh..wh..opq", "").file("run/new", "new").build());

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// In pieces, as layers arrive.
  private static void drive(byte[] tar, TreeSink sink) throws Exception {
    Deque<ByteBuffer> pieces = new ArrayDeque<>();
    for (int at = 0; at < tar.length; at += 700) {
      pieces.add(ByteBuffer.wrap(tar, at, Math.min(700, tar.length - at)));
    }
    try (sink) {
      new Unpacker(UnpackLimits.DEFAULT)
          .unpack(pieces::poll, sink, OutputStream.nullOutputStream());
    }
  }

  private static ImageListing listing() throws Exception {
    ListingBuilder builder = new ListingBuilder(LAYERS.size());
    for (int index = 0; index < LAYERS.size(); index++) {
      drive(LAYERS.get(index), builder.layer(index));
    }
    return builder.build();
  }

  @Test
  void listsWhatAContainerWouldSee() throws Exception {
    List<String> lines = new ArrayList<>();
    listing().walk(new byte[0], entry -> lines.add(EntryText.line(entry)));
    assertEquals(
        """
        drwxr-xr-x 1 0 0 0 1970-01-01 00:00:00 .
        drwxr-xr-x 1 0 0 0 1970-01-01 00:00:00 bin
        -rwxr-xr-x+ 1 0 0 6 2001-09-09 01:46:40 bin/tool
        drwxr-xr-x 1 0 0 0 1970-01-01 00:00:00 dev
        crw-r--r-- 1 0 0 1,3 2001-09-09 01:46:40 dev/null
        drwxr-xr-x 1 0 0 0 1970-01-01 00:00:00 etc
        -rw-r--r-- 2 0 0 1 2001-09-09 01:46:40 etc/b
        -rw-r--r-- 2 0 0 1 2001-09-09 01:46:40 etc/c
        drwxr-xr-x 1 0 0 0 1970-01-01 00:00:00 run
        -rw-r--r-- 1 0 0 3 2001-09-09 01:46:40 run/new
        drwxr-xr-x 1 0 0 0 1970-01-01 00:00:00 sbin
        -rw-r--r-- 1 0 0 5 2001-09-09 01:46:40 sbin/other
        -rw-r--r-- 1 0 0 10 2001-09-09 01:46:40 sparse
        drwxrwxrwt 1 0 0 0 2001-09-09 01:46:40 tmp
        -rw-r--r-- 1 0 0 1 2001-09-09 01:46:40 tmp/t
        """,
        String.join("\n", lines) + "\n");
  }

  @ParameterizedTest
  @CsvSource({
    "/bin/tool, tool 2",
    "/sbin/other, other",
    "/etc/b, b",
    "/etc/c, b",
    "/run/new, new",
    "/sparse, '\0\0\0\0mid\0\0\0'",
  })
  void extractsContent(String path, String content) throws Exception {
    var wanted = listing().content(bytes(path)).orElseThrow();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    drive(LAYERS.get(wanted.layer()), new FileExtractor(wanted, Channels.newChannel(out), 1000));
    assertEquals(content, out.toString(StandardCharsets.UTF_8));
  }
}
