package io.sealift.policy;

import static io.sealift.oci.JsonText.CONFIG_TYPE;
import static io.sealift.oci.JsonText.config;
import static io.sealift.oci.JsonText.descriptor;
import static io.sealift.oci.JsonText.json;
import static io.sealift.oci.JsonText.layer;
import static io.sealift.oci.JsonText.manifest;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sealift.failure.PolicyRefusedException;
import io.sealift.oci.ImageName;
import io.sealift.oci.Platform;
import io.sealift.source.MemorySource;
import io.sealift.source.Resolved;
import io.sealift.source.Resolver;
import io.sealift.verify.JcaHashing;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyTest {

  private static Resolved image() throws Exception {
    byte[] config = json(config("d", ""));
    byte[] manifest = json(manifest(descriptor(CONFIG_TYPE, config), layer('1')));
    return new Resolver(new JcaHashing())
        .resolve(
            ImageName.parse("r.io/a:t"),
            new MemorySource().root(manifest, null, null).blob(config),
            Platform.parse("amd64"));
  }

  @Test
  void letsInWhatItIsToldTo() throws Exception {
    Resolved image = image();
    Admitted admitted =
        Policy.parse(json("{'default':[{'type':'insecureAcceptAnything'}]}"), "p.json")
            .admit(image);
    assertSame(image, admitted.image());
    assertEquals(
        List.of(new Proof("insecureAcceptAnything", "accepted unseen by p.json")),
        admitted.proofs());
    assertEquals(
        List.of(new Proof("insecureAcceptAnything", "accepted unseen by --insecure-policy")),
        Policy.insecureAcceptAnything("--insecure-policy").admit(image).proofs());
  }

  @Test
  void wantsEveryRequirement() throws Exception {
    Resolved image = image();
    Policy policy =
        Policy.parse(
            json("{'default':[{'type':'insecureAcceptAnything'},{'type':'reject'}]}"), "p.json");
    assertEquals(
        "admit docker://r.io/a:t (%s): refused, requirement reject (p.json)"
            .formatted(image.manifestDigest()),
        assertThrows(PolicyRefusedException.class, () -> policy.admit(image)).getMessage());
  }

  @Test
  void letsNothingInWithoutAPolicy() throws Exception {
    Resolved image = image();
    PolicyRefusedException refusal =
        assertThrows(PolicyRefusedException.class, () -> Policy.absent("write one").admit(image));
    assertEquals(
        "admit docker://r.io/a:t (%s): refused, nothing lets it in (no policy: write one)"
            .formatted(image.manifestDigest()),
        refusal.getMessage());
    assertEquals(3, refusal.exitStatus());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          {}                        | read policy p.json: /default is empty or missing; name at least one requirement
          {'default':[]}            | read policy p.json: /default is empty or missing; name at least one requirement
          {'default':null}          | read policy p.json: /default is empty or missing; name at least one requirement
          {'default':{}}            | read policy p.json: /default: expected an array, found an object
          {'default':['reject']}    | read policy p.json: /default/0: expected an object, found a string
          {'default':[{}]}          | read policy p.json: /default/0/type: expected a value, found none
          {'default':[{'type':'x'}]} | read policy p.json: /default/0/type: expected insecureAcceptAnything or reject, found 'x'
          {'default':[{'type':'signedBy'}]} | read policy p.json: /default/0/type: expected insecureAcceptAnything or reject, found 'signedBy'
          {'default':[{'type':'reject','keyPath':'k'}]} | read policy p.json: /default/0/keyPath: this version does not know that key, so the policy lets nothing in
          {'default':[{'type':'reject'}],'transports':{}} | read policy p.json: /transports: this version does not know that key, so the policy lets nothing in
          {'default':[{'type':'insecureAcceptAnything'}],'Default':[]} | read policy p.json: /Default: this version does not know that key, so the policy lets nothing in
          []                        | read policy p.json: expected a JSON object
          """)
  void refusesWhatItDoesNotUnderstand(String text, String message) {
    assertEquals(
        message,
        assertThrows(PolicyRefusedException.class, () -> Policy.parse(json(text), "p.json"))
            .getMessage());
  }

  @Test
  void boundsItsFile() {
    byte[] text = json("{'default':[{'type':'reject'}]}" + " ".repeat(1 << 20));
    assertEquals(
        "read policy p.json: 1048607 bytes are more than the 1048576 allowed",
        assertThrows(PolicyRefusedException.class, () -> Policy.parse(text, "p.json"))
            .getMessage());
  }

  @Test
  void refusesAKeyThatIsThereTwice() {
    byte[] text =
        json("{'default':[{'type':'reject'}],'default':[{'type':'insecureAcceptAnything'}]}");
    assertEquals(
        true,
        assertThrows(PolicyRefusedException.class, () -> Policy.parse(text, "p.json"))
            .getMessage()
            .startsWith("read policy p.json: not sound JSON"));
  }
}
