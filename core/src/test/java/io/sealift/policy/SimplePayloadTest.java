package io.sealift.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.UnsafeContentException;
import io.sealift.oci.Digest;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimplePayloadTest {

  private static final String TYPE = "atomic container signature";
  private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);

  private static final String SOUND =
      """
      {"critical": {
        "type": "atomic container signature",
        "image": {"docker-manifest-digest": "%s"},
        "identity": {"docker-reference": "registry.example/app:v1"}},
       "optional": {"creator": "skopeo", "timestamp": 1700000000}}
      """
          .formatted(DIGEST);

  private static final String OPTIONAL = "{\"creator\": \"skopeo\", \"timestamp\": 1700000000}";

  private static Signature.Claim parse(String json) throws UnsafeContentException {
    return SimplePayload.parse(json.getBytes(StandardCharsets.UTF_8), TYPE);
  }

  @Test
  void tellsDigestAndReference() throws Exception {
    assertEquals(
        new Signature.Claim(Digest.parse(DIGEST), "registry.example/app:v1"), parse(SOUND));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "{}",
        "{\"anything\": [{}]}",
        "{\"creator\": null}",
        "{\"timestamp\": 1e3}"
      })
  void doesNotMindWhatElseIsOptional(String optional) throws Exception {
    String json = SOUND.replace(OPTIONAL, optional);
    assertEquals("registry.example/app:v1", parse(json).reference());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"optional\": | \"optional\": {}, \"more\": | expected the members [critical, optional]",
        "\"optional\": | \"Optional\": | expected the members [critical, optional]",
        ", 'ignored' | | expected",
        "\"type\": \"atomic | \"more\": 1, \"type\": \"atomic | the members [identity, image, type]",
        "\"type\": \"atomic | \"type\": \"cosign | expected 'atomic container signature', found 'cosign",
        "{\"docker-manifest | {\"more\": 1, \"docker-manifest | the members [docker-manifest-digest]",
        "docker-manifest | Docker-manifest | the members [docker-manifest-digest]",
        "{\"docker-reference | {\"more\": 1, \"docker-reference | the members [docker-reference]",
        "\"registry.example/app:v1\" | 7 | expected a string, found a number",
        "\"registry.example/app:v1\" | null | expected a value, found none",
        "sha256:0123 | sha256:012X | lower-case hexadecimal",
        "\"skopeo\" | 7 | expected a string, found a number",
        "1700000000 | 1.5 | expected a whole number",
        "1700000000 | \"now\" | expected a number, found a string"
      })
  void refusesAnythingElse(String part, String instead, String reason) {
    String json =
        part.startsWith(",")
            ? SOUND.replace(",\n \"optional\": " + OPTIONAL, "")
            : SOUND.replace(part, instead);
    String message = assertThrows(UnsafeContentException.class, () -> parse(json)).getMessage();
    assertTrue(message.contains(reason), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "(?s)\"critical\".*}},                  | the members [critical, optional]",
        "\"type\": \"[^\"]*\",                  | the members [identity, image, type]",
        "\"image\": [^}]*},                     | the members [identity, image, type]",
        ",\\s*\"identity\": [^}]*}              | the members [identity, image, type]",
        "\"docker-manifest-digest\": \"[^\"]*\" | the members [docker-manifest-digest]",
        "\"docker-reference\": \"[^\"]*\"       | the members [docker-reference]"
      })
  void refusesAMissingMember(String member, String reason) {
    String json = SOUND.replaceFirst(member, "");
    String message = assertThrows(UnsafeContentException.class, () -> parse(json)).getMessage();
    assertTrue(message.contains(reason), message);
  }

  @Test
  void refusesDuplicateMembers() {
    String json = SOUND.replace("\"critical\": {", "\"critical\": {}, \"critical\": {");
    assertThrows(UnsafeContentException.class, () -> parse(json));
  }
}
