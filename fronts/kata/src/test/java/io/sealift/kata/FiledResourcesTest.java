package io.sealift.kata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sealift.failure.BadReferenceException;
import io.sealift.failure.ImageException;
import io.sealift.failure.NotFoundException;
import io.sealift.failure.StoreException;
import io.sealift.imageconfig.HubSettings.Resource;
import io.sealift.secret.SecretSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Resources that are written to files before the first call.
class FiledResourcesTest {

  private static final SecretSource SECRETS =
      (uri, _) -> {
        if (uri.equals("kbs:///default/key/1")) {
          return "secret".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        }
        throw new NotFoundException("read %s: no".formatted(uri));
      };

  @TempDir private Path dir;

  private void write(String uri, String path) throws Exception {
    new FiledResources(dir.resolve("kbs"))
        .write(List.of(new Resource(uri, path, "credentials of cdh.toml")), SECRETS);
  }

  @Test
  void areForThisUserAlone() throws Exception {
    Path file = dir.resolve("kbs/a/b");
    write("kbs:///default/key/1", file.toString());
    assertEquals("secret", Files.readString(file));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertEquals(
        "rwx------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())));
  }

  @Test
  void takeThePlaceOfWhatWasThere() throws Exception {
    Path file = dir.resolve("kbs/a");
    Files.createDirectories(file.getParent());
    Path outside = Files.writeString(dir.resolve("outside"), "precious");
    Files.createSymbolicLink(file, outside);
    write("kbs:///default/key/1", file.toString());
    assertEquals("secret", Files.readString(file));
    assertEquals("precious", Files.readString(outside));
    try (var entries = Files.list(file.getParent())) {
      assertEquals(List.of(file), entries.toList());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/etc/passwd", "DIR", "DIR/", "DIR/../x", "DIR/a/./b", "DIR/a/..", "DIRx/a", "a"})
  void stayBelowTheirDirectory(String path) {
    String given = path.replace("DIR", dir.resolve("kbs").toString());
    BadReferenceException bad =
        assertThrows(BadReferenceException.class, () -> write("kbs:///default/key/1", given));
    assertEquals(
        "read credentials of cdh.toml: kbs:///default/key/1: expected a path below %s without '.' and '..', found %s"
            .formatted(dir.resolve("kbs"), given),
        bad.getMessage());
    assertFalse(Files.exists(dir.resolve("kbs")));
  }

  @Test
  void failWithWhatIsMissing() {
    Path file = dir.resolve("kbs/a");
    ImageException missing =
        assertThrows(NotFoundException.class, () -> write("kbs:///a/b/c", file.toString()));
    assertEquals("read kbs:///a/b/c: no", missing.getMessage());
    assertFalse(Files.exists(file));
  }

  @Test
  void replaceNoDirectory() throws Exception {
    Path file = Files.createDirectories(dir.resolve("kbs/a"));
    assertThrows(StoreException.class, () -> write("kbs:///default/key/1", file.toString()));
  }
}
