package io.sealift.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sealift.failure.BadReferenceException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceTest {

  private static final String HEX =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  @ParameterizedTest
  @CsvSource({
    "busybox, docker.io/library/busybox:latest",
    "index.docker.io/foo/bar, docker.io/foo/bar:latest",
    "docker.io/busybox, docker.io/library/busybox:latest",
    "localhost/foo, localhost/foo:latest",
    "foo_bar.com:8080, docker.io/library/foo_bar.com:8080",
    "test.com:5000, docker.io/library/test.com:5000",
    "test:5000/repo, test:5000/repo:latest",
    "opensuse/leap:15.3, docker.io/opensuse/leap:15.3",
    "[::1]:5000/a/b:C, [::1]:5000/a/b:C",
    "Host/a, Host/a:latest",
    "a/b__c/d---e.f, docker.io/a/b__c/d---e.f:latest",
    "a@sha256:" + HEX + ", docker.io/library/a@sha256:" + HEX,
    "r.io/a:t@sha256:" + HEX + ", r.io/a:t@sha256:" + HEX,
  })
  void normalises(String text, String canonical) throws Exception {
    assertEquals(canonical, Reference.parse(text).toString());
    assertEquals(canonical, Reference.parse(canonical).toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "A",
        "a:",
        "a:-x",
        "a@",
        "a@sha256:12",
        "a@md5:d41d8cd98f00b204e9800998ecf8427e",
        "a@sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",
        "foo_bar.com:8080/x",
        "-a.com/x",
        "a..b",
        "a/./b",
        "a//b",
        "/a",
        "a/",
        "a ",
        "a.com:x/b",
        "[fe80::1%eth0]/a",
        "https://a.com/b",
        "a:t:u",
        "r.io/A/b",
      })
  void refusesWhatIsNoReference(String text) {
    assertThrows(BadReferenceException.class, () -> Reference.parse(text));
  }

  @ParameterizedTest
  @CsvSource({"128, true", "129, false"})
  void boundsTheTag(int length, boolean legal) throws Exception {
    String text = "a:" + "t".repeat(length);
    if (legal) {
      assertEquals("t".repeat(length), Reference.parse(text).tag());
    } else {
      assertThrows(BadReferenceException.class, () -> Reference.parse(text));
    }
  }

  @ParameterizedTest
  @CsvSource({"255, true", "256, false"})
  void boundsThePath(int length, boolean legal) throws Exception {
    String text = "r.io/" + "p".repeat(length);
    if (legal) {
      assertEquals(length, Reference.parse(text).path().length());
    } else {
      assertEquals(
          "read reference '%s': the repository has more than 255 characters".formatted(text),
          assertThrows(BadReferenceException.class, () -> Reference.parse(text)).getMessage());
    }
  }

  @Test
  void boundsTheHost() {
    String text = "a.".repeat(150) + "io/x";
    assertEquals(
        "read reference '%s': the host has more than 259 characters".formatted(text),
        assertThrows(BadReferenceException.class, () -> Reference.parse(text)).getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a.", "a/", "a:", "a@", "[", "-", "a/b.", "@sha256:0"})
  void boundsTheWholeWithoutReadingIt(String repeated) {
    String text = repeated.repeat(1_000_000 / repeated.length());
    String message =
        assertThrows(BadReferenceException.class, () -> Reference.parse(text)).getMessage();
    assertEquals(
        "read reference '%s…': %d characters are more than the 1024 allowed"
            .formatted(text.substring(0, 64), text.length()),
        message);
  }
}
