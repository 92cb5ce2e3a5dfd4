package io.sealift.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sealift.bundle.BundleOptions.Profile;
import io.sealift.bundle.UserResolver.Identity;
import io.sealift.failure.UnsafeContentException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UserResolverTest {

  private static final String PASSWD =
      """
      # comment:x:9:9
      root:x:0:0:root:/root:/bin/sh

        spaced:x:7:8::/:\s\s
      app:x:1000:1001:App:/home/app:/bin/sh
      app:x:2000:2001:second:/:
      1000:x:0:0:a name of digits:/:
      2147483648:x:5:5::/:
      short
      two:x
      words:x:abc:def::/:
      plus:x:+12:+13::/:
      minus:x:-1:0::/:
      minusg:x:3:-1::/:
      wide:x:2147483648:0::/:
      wideg:x:4:4294967296::/:
      endless:x:99999999999999999999999999:0::/:
      most:x:2147483647:2147483647::/:
      -1:x:0:0::/:
      café:x:77:78::/:
      """;

  private static final String GROUP =
      """
      root:x:0:
      wheel:x:10:root,app
      app:x:1001:app
      audio:x:20:spaced,app
      wide:x:2147483648:wideuser
      negative:x:-5:
      1000:x:0:
      dup:x:20:app
      empty:x:30
      far:x:40:apple
      """;

  private static UserResolver resolver(Profile profile, Map<String, String> files) {
    return new UserResolver(
        new Accounts(path ->
            Optional.ofNullable(files.get(path))
                .map(text -> text.getBytes(StandardCharsets.UTF_8))),
        profile);
  }

  private static String resolve(Profile profile, String user) throws Exception {
    return text(resolver(profile, Map.of("etc/passwd", PASSWD, "etc/group", GROUP)).resolve(user));
  }

  private static String text(Identity identity) {
    return identity.uid()
        + ":"
        + identity.gid()
        + identity.additionalGids().stream().map(gid -> " " + gid).collect(Collectors.joining());
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          '',            0:0,                       0:0 0 10
          0,             0:0,                       0:0 0 10
          root,          0:0 10,                    0:0 0 10
          1000,          1000:1001,                 1000:1001 1001 10 20
          01000,         1000:1001,                 1000:1001 1001 10 20
          0000000000000000001000, 1000:1001,        1000:1001 1001 10 20
          5555,          5555:0,                    5555:0 0
          1000:5,        1000:5,                    1000:5 5 10 20
          1000:1000,     1000:1000,                 1000:1000 1000 10 20
          5555:0,        5555:0,                    5555:0 0
          app,           1000:1001 10 20,           1000:1001 1001 10 20
          app:0,         1000:0,                    1000:0 0 10 20
          app:audio,     1000:20,                   1000:20 10 20
          5555:audio,    5555:20,                   5555:20 20
          spaced,        7:8 20,                    7:8 8 20
          short,         0:0,                       0:0 0
          two,           0:0,                       0:0 0
          words,         0:0,                       0:0 0
          words:empty,   0:30,                      0:30 30 10
          plus,          12:13,                     12:13 13
          most,          2147483647:2147483647,     2147483647:2147483647 2147483647
          2147483647,    2147483647:2147483647,     2147483647:2147483647 2147483647
          2147483647:2147483647, 2147483647:2147483647, 2147483647:2147483647 2147483647
          café,          77:78,                     77:78 78
          """)
  void resolves(String user, String asSpecified, String asContainerd) throws Exception {
    assertEquals(asSpecified, resolve(Profile.IMAGE_RS, user));
    if (!user.equals("words:empty")) {
      assertEquals(asContainerd, resolve(Profile.CONTAINERD, user));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          2147483648        | number out of range, expected 0 to 2147483647
          4294967296        | number out of range, expected 0 to 2147483647
          99999999999999999999999 | number out of range, expected 0 to 2147483647
          0:2147483648      | number out of range, expected 0 to 2147483647
          app:2147483648    | number out of range, expected 0 to 2147483647
          -1                | a name or number has no sign
          +1                | a name or number has no sign
          0:-1              | a name or number has no sign
          -app              | a name or number has no sign
          1:2:3             | expected user, uid, or either with :group or :gid
          app:audio:        | expected user, uid, or either with :group or :gid
          :                 | expected user, uid, or either with :group or :gid
          ::                | expected user, uid, or either with :group or :gid
          app:              | expected user, uid, or either with :group or :gid
          :audio            | expected user, uid, or either with :group or :gid
          nobody            | the image's /etc/passwd has no user of this name
          APP               | the image's /etc/passwd has no user of this name
          ' app'            | the image's /etc/passwd has no user of this name
          0x0               | the image's /etc/passwd has no user of this name
          ١                 | the image's /etc/passwd has no user of this name
          # comment         | the image's /etc/passwd has no user of this name
          app:nogroup       | the image's /etc/group has no group of this name
          0:nogroup         | the image's /etc/group has no group of this name
          minus             | uid -1 in the image's files is out of range, expected 0 to 2147483647
          minusg            | gid -1 in the image's files is out of range, expected 0 to 2147483647
          wide              | uid 2147483648 in the image's files is out of range, expected 0 to 2147483647
          wideg             | gid 4294967296 in the image's files is out of range, expected 0 to 2147483647
          endless           | uid 9223372036854775807 in the image's files is out of range, expected 0 to 2147483647
          app:negative      | gid -5 in the image's files is out of range, expected 0 to 2147483647
          app:wide          | gid 2147483648 in the image's files is out of range, expected 0 to 2147483647
          """)
  void refuses(String user, String reason) {
    for (Profile profile : Profile.values()) {
      assertEquals(
          "resolve user '%s': %s".formatted(user, reason),
          assertThrows(UnsafeContentException.class, () -> resolve(profile, user)).getMessage());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"app\u0000", "a\nb", "0\u0000:0", "app:\u007f"})
  void refusesControlCharacters(String user) {
    String message =
        assertThrows(UnsafeContentException.class, () -> resolve(Profile.IMAGE_RS, user))
            .getMessage();
    assertEquals(true, message.endsWith("': a name has no control characters"), message);
    assertEquals(1, message.lines().count());
  }

  @Test
  void boundsTheText() {
    assertEquals(
        "resolve user '%s…': more than 1024 characters".formatted("0".repeat(120)),
        assertThrows(
                UnsafeContentException.class,
                () -> resolve(Profile.IMAGE_RS, "0".repeat(1_000_000)))
            .getMessage());
  }

  @Test
  void doesNotBelieveANameWithANul() {
    UserResolver resolver =
        resolver(Profile.IMAGE_RS, Map.of("etc/passwd", "app\u0000x:x:0:0::/:\n"));
    assertThrows(UnsafeContentException.class, () -> resolver.resolve("app"));
  }

  @Test
  void refusesAFurtherGroupOutOfRange() {
    UserResolver resolver =
        resolver(
            Profile.IMAGE_RS,
            Map.of("etc/passwd", "app:x:1:1::/:", "etc/group", "g:x:4294967296:app"));
    assertEquals(
        "resolve user 'app': gid of a group 4294967296 in the image's files is out of range,"
            + " expected 0 to 2147483647",
        assertThrows(UnsafeContentException.class, () -> resolver.resolve("app")).getMessage());
  }

  @ParameterizedTest
  @CsvSource({"'', 0:0, 0:0 0", "0, 0:0, 0:0 0", "1000, 1000:0, 1000:0 0", "7:8, 7:8, 7:8 8"})
  void needsNoFilesForNumbers(String user, String asSpecified, String asContainerd)
      throws Exception {
    assertEquals(asSpecified, text(resolver(Profile.IMAGE_RS, Map.of()).resolve(user)));
    assertEquals(asContainerd, text(resolver(Profile.CONTAINERD, Map.of()).resolve(user)));
  }

  @Test
  void needsFilesForNames() {
    UserResolver resolver = resolver(Profile.IMAGE_RS, Map.of());
    assertThrows(UnsafeContentException.class, () -> resolver.resolve("root"));
    assertThrows(UnsafeContentException.class, () -> resolver.resolve("0:root"));
  }
}
