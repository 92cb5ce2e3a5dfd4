package io.sealift.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sealift.failure.ImageException;
import io.sealift.source.ImageSource;
import io.sealift.testing.Fault;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What servers that stand before registries say of a connection.
class FrontServersTest {

  private static final String OURS =
      "the server wants a certificate of ours that it knows; put it into its directory below certs.d as client.cert and client.key";
  private static final String TLS =
      "the server wants TLS; leave out --plain-http, or insecure = true for it";

  /// The exit status is that of credentials when it is about the connection.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | <title>400 No required SSL certificate was sent</title> | OURS | 5",
        "400 | <title>400 The SSL certificate error</title> | OURS | 5",
        "400 | <h1>The plain HTTP request was sent to HTTPS port</h1> | TLS | 5",
        "400 | Client sent an HTTP request to an HTTPS server. | TLS | 5",
        "400 | Bad Request | no reason given | 1",
        "400 | {\"errors\":[{\"code\":\"NAME_INVALID\",\"message\":\"no\"}]} | NAME_INVALID: no | 1",
        "410 | No required SSL certificate was sent | no reason given | 1",
      })
  void areUnderstood(int status, String body, String meaning, int exitStatus) throws Exception {
    try (Setting setting = Setting.plain();
        ImageSource source = setting.open()) {
      setting.registry.plan("/manifests/", Fault.status(status, body));
      ImageException refused = assertThrows(ImageException.class, source::manifest);
      assertEquals(
          "fetch manifest v1 of %s/v2/app: %s (status %d)"
              .formatted(
                  setting.registry.url(),
                  meaning.replaceAll("^OURS$", OURS).replaceAll("^TLS$", TLS),
                  status),
          refused.getMessage());
      assertEquals(exitStatus, refused.exitStatus());
    }
  }
}
