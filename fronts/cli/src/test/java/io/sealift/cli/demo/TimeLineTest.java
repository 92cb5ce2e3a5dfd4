package io.sealift.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sealift.oci.Descriptor;
import io.sealift.oci.Digest;
import io.sealift.oci.DigestAlgorithm;
import io.sealift.oci.MediaType;
import io.sealift.pull.ProgressListener;
import io.sealift.pull.ProgressListener.Stage;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TimeLineTest {

  @Test
  void stretchesOfTimeAreDrawnToScale() {
    AtomicLong clock = new AtomicLong();
    TimeLine line = new TimeLine(ProgressListener.NONE, clock::get);
    Descriptor layer =
        Descriptor.of(
            MediaType.parse("application/vnd.oci.image.layer.v1.tar"),
            new Digest(DigestAlgorithm.SHA256, "0".repeat(64)),
            1);
    clock.set(12_000_000);
    line.layer(0, layer, Stage.FETCHING);
    clock.set(24_000_000);
    line.layer(0, layer, Stage.COMMITTING);
    clock.set(36_000_000);
    line.layer(0, layer, Stage.STORED);
    line.layer(1, layer, Stage.CACHED);
    clock.set(48_000_000);
    line.end();
    assertEquals(
        """
        find, admit    |...............................................    0.0 ms
        layer 1        ............============############............   24.0 ms
        layer 2        ....................................|...........    0.0 ms
        stack, bundle  ....................................============   12.0 ms
        """,
        String.join("\n", line.lines()) + "\n");
  }
}
