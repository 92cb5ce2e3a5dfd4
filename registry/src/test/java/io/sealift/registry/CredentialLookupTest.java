package io.sealift.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sealift.failure.AuthenticationException;
import io.sealift.failure.BadReferenceException;
import io.sealift.failure.ImageException;
import io.sealift.oci.Reference;
import io.sealift.registry.CredentialSource.Answer;
import io.sealift.source.BlobStream;
import io.sealift.source.ImageSource;
import io.sealift.source.Place;
import io.sealift.testing.Fault;
import io.sealift.testing.ImageSourceContract;
import io.sealift.testing.InProcessRegistry;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Credentials are looked up when a registry asks, for what it asks, and once.
class CredentialLookupTest {

  private final List<String> lookups = new CopyOnWriteArrayList<>();
  private final List<Credentials> given = new ArrayList<>();

  private CredentialSource knowing(String password) {
    return (registry, repository) -> {
      lookups.add(registry + " " + repository);
      Credentials credentials = Setting.user(password);
      given.add(credentials);
      return new Answer.Known(credentials, "/auth.json");
    };
  }

  @Test
  void aRegistryThatGivesToEveryoneIsNoReasonToLook() throws Exception {
    CredentialSource broken =
        (_, _) -> {
          throw new BadReferenceException("broken");
        };
    try (Setting setting = Setting.plain();
        ImageSource source = setting.open(setting.client().credentials(broken))) {
      assertArrayEquals(setting.bytes, setting.read(source));
    }
  }

  @Test
  void whatCannotBeReadIsAFailureWhereItIsWanted() throws Exception {
    CredentialSource broken =
        (_, _) -> {
          throw new BadReferenceException("broken");
        };
    try (Setting setting = new Setting(InProcessRegistry.builder().anonymousTokens().start());
        ImageSource source = setting.open(setting.client().credentials(broken))) {
      assertEquals(
          "broken", assertThrows(BadReferenceException.class, source::manifest).getMessage());
    }
  }

  @ParameterizedTest
  @CsvSource({"basic", "bearer"})
  void itIsLookedUpOnceForTheRegistryAndRepository(String kind) throws Exception {
    InProcessRegistry.Builder builder = InProcessRegistry.builder();
    try (Setting setting =
            new Setting(
                (kind.equals("basic")
                        ? builder.basic("alice", Setting.PASSWORD)
                        : builder.bearer("alice", Setting.PASSWORD))
                    .start());
        ImageSource source =
            setting.open(setting.client().credentials(knowing(Setting.PASSWORD)))) {
      source.manifest();
      assertArrayEquals(setting.bytes, setting.read(source));
      setting.registry.revokeTokens();
      source.manifest();
      assertEquals(List.of(setting.registry.address() + " app"), lookups);
    }
    assertEquals("password " + "\0".repeat(21), Revealed.kindAndSecret(given.getFirst()));
  }

  @Test
  void whatWasGivenComesBeforeWhatIsLookedUp() throws Exception {
    try (Setting setting =
            new Setting(InProcessRegistry.builder().basic("alice", Setting.PASSWORD).start());
        Credentials mine = Setting.user(Setting.PASSWORD)) {
      RegistryClient.Builder client =
          setting.client().credentials(knowing("other")).credentials(mine);
      try (ImageSource source = setting.open(client)) {
        source.manifest();
      }
      assertEquals(List.of(), lookups);
      assertEquals("password " + Setting.PASSWORD, Revealed.kindAndSecret(mine));
    }
  }

  /// The registry that a name means is asked by somebody else, a mirror of it by whom it was
  /// before.
  @Test
  void somebodyElseAsksTheRegistryThatIsMeantAndNoMirror() throws Exception {
    try (Setting setting =
            new Setting(InProcessRegistry.builder().basic("alice", Setting.PASSWORD).start());
        Credentials named = Setting.user("of another")) {
      RegistryClient first =
          setting
              .client()
              .credentials(knowing(Setting.PASSWORD))
              .credentials(named)
              .credentials(setting.registry.address(), named)
              .build();
      Reference meant = Reference.parse(setting.registry.name("app", "v1"));
      CredentialSource nobody = (_, _) -> new Answer.Unknown("sign in");
      try (ImageSource source = first.as(nobody).open(meant)) {
        assertThrows(AuthenticationException.class, source::manifest);
      }
      try (ImageSource source = first.as(knowing(Setting.PASSWORD)).open(meant)) {
        source.manifest();
      }
      assertEquals(1, lookups.size());
      Reference behind = Reference.parse("example.org/app:v1");
      try (ImageSource source = first.as(nobody).open(Place.Repository.of(meant), behind, false)) {
        source.manifest();
      }
      assertEquals(2, lookups.size());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "basic  | known   | fetch manifest v1 of HERE/v2/app: UNAUTHORIZED: authentication required (status 401); check the name, and the credentials in /auth.json",
        "bearer | known   | get a token from HERE/token: UNAUTHORIZED: incorrect username or password (status 401); check the name, and the credentials in /auth.json",
        "basic  | unknown | log in to HERE: the registry wants credentials; do this",
        "bearer | unknown | get a token from HERE/token: UNAUTHORIZED: incorrect username or password (status 401); check the name, or do this",
        "basic  | token   | log in to HERE: the registry wants credentials; /auth.json has a token, it wants a password; pass --creds USER:PASSWORD",
        "bearer | token   | fetch manifest v1 of HERE/v2/app: UNAUTHORIZED: authentication required (status 401); check the name, and the credentials in /auth.json",
      })
  void aRefusalSaysWhatToDo(String kind, String answer, String message) throws Exception {
    InProcessRegistry.Builder builder = InProcessRegistry.builder();
    CredentialSource source =
        switch (answer) {
          case "known" -> knowing("hunter2");
          case "token" ->
              (_, _) ->
                  new Answer.Known(
                      Credentials.registryToken("hunter2".toCharArray()), "/auth.json");
          default -> (_, _) -> new Answer.Unknown("do this");
        };
    try (Setting setting =
            new Setting(
                (kind.equals("basic")
                        ? builder.basic("alice", Setting.PASSWORD)
                        : builder.bearer("alice", Setting.PASSWORD))
                    .start());
        ImageSource image = setting.open(setting.client().credentials(source))) {
      ImageException refused = assertThrows(AuthenticationException.class, image::manifest);
      assertEquals(message.replace("HERE", setting.registry.url()), refused.getMessage());
    }
  }

  @Test
  void aTokenOfTheRegistryIsShownToTheRegistryAlone() throws Exception {
    try (InProcessRegistry storage = InProcessRegistry.start();
        Setting setting =
            new Setting(InProcessRegistry.builder().bearer("alice", Setting.PASSWORD).start())) {
      CredentialSource tokens =
          (_, _) ->
              new Answer.Known(
                  Credentials.registryToken("token-1-secret".toCharArray()), "/auth.json");
      try (ImageSource other = setting.open(Setting.user(Setting.PASSWORD))) {
        other.manifest(); // token-1-secret is given out
      }
      storage.pushBlob(setting.bytes);
      setting.registry.plan("/blobs/", Fault.redirect(307, target -> storage.url() + target));
      try (ImageSource source = setting.open(setting.client().credentials(tokens))) {
        assertArrayEquals(setting.image.document().bytes(), source.manifest().bytes());
        assertArrayEquals(setting.bytes, setting.read(source));
      }
      assertEquals("", storage.requests().getFirst().header("authorization"));
      assertEquals(
          1, setting.registry.requests().stream().filter(r -> r.path().equals("/token")).count());
    }
  }

  /// The token ends while the layer comes, and the connection breaks.
  @Test
  void aBlobGoesOnWithANewToken() throws Exception {
    try (Setting setting =
            new Setting(InProcessRegistry.builder().bearer("alice", Setting.PASSWORD).start());
        ImageSource source =
            setting.open(setting.client().credentials(knowing(Setting.PASSWORD)))) {
      source.manifest();
      setting.registry.plan("/blobs/", 1, Fault.cut(1_500_000));
      try (BlobStream blob = source.open(setting.layer)) {
        ByteBuffer first = ByteBuffer.allocate(1000);
        while (first.hasRemaining()) {
          blob.read(first);
        }
        setting.registry.revokeTokens();
        byte[] rest = ImageSourceContract.drain(blob);
        assertArrayEquals(Arrays.copyOfRange(setting.bytes, 1000, Setting.SIZE), rest);
      }
      assertEquals(
          List.of(
              "GET /v2/app/blobs/LAYER",
              "GET /v2/app/blobs/LAYER",
              "GET /token?x",
              "GET /v2/app/blobs/LAYER"),
          setting.requests().stream()
              .skip(3)
              .map(text -> text.replaceFirst("/token\\?.*", "/token?x"))
              .toList());
      assertEquals(List.of("", "bytes=1500000-", "bytes=1500000-"), setting.ranges());
      assertFalse(setting.registry.requests().getLast().header("authorization").contains("-1-"));
    }
  }
}
