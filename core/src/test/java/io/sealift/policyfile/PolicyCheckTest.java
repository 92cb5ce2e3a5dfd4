package io.sealift.policyfile;

import static io.sealift.oci.JsonText.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.NotFoundException;
import io.sealift.policy.MemoryScheme;
import io.sealift.policy.SignatureSchemes;
import io.sealift.secret.FileSecrets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyCheckTest {

  private static final String D =
      "@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

  private static List<String> remarks(String policy, SignatureSchemes schemes) throws Exception {
    return new PolicyCheck(PolicyFile.parse(json(policy), "p.json"), schemes, new FileSecrets())
        .run().stream()
            .map(remark -> remark.level() + " " + remark.pointer() + ": " + remark.text())
            .toList();
  }

  private static List<String> remarks(String policy) throws Exception {
    return remarks(policy, SignatureSchemes.NONE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          example.com/ns/repo        | true
          example.com/ns             | true
          example.com                | true
          example.com:5000           | true
          example.com/ns/repo:tag    | true
          example.com/ns/repo@D      | true
          localhost                  | true
          localhost:5000/repo        | true
          docker.io/library          | true
          docker.io/library/busybox  | true
          [::1]:5000/repo            | true
          *.example.com              | true
          *.com                      | true
          ''                         | true
          busybox                    | false
          library/busybox            | false
          index.docker.io/library    | false
          example.com/ns/            | false
          example.com/ns//repo       | false
          example.com/Ns             | false
          example.com/ns/repo:tag@D  | false
          example.com/ns/repo@sha256:12 | false
          https://example.com        | false
          docker://example.com/a     | false
          *                          | false
          *.                         | false
          *.example.com:5000         | false
          *.example.com/ns           | false
          *example.com               | false
          a.*.example.com            | false
          """)
  void scopesThatNoImageHasAreFound(String key, boolean reachable) throws Exception {
    assertEquals(reachable, ScopeForms.isReachable(key.replace("@D", D)));
    List<String> remarks =
        remarks(
            "{'default':[{'type':'reject'}],'transports':{'docker':{'%s':[{'type':'reject'}]}}}"
                .formatted(key.replace("@D", D)));
    assertEquals(
        reachable, remarks.stream().noneMatch(line -> line.contains("no image has this scope")));
  }

  @Test
  void whatMayHaveBeenMeantIsNamed() throws Exception {
    assertEquals(
        List.of(
            "WARNING /transports/docker/busybox: no image has this scope, so it decides nothing;"
                + " docker.io/library/busybox was meant?",
            "WARNING /transports/docker/ns~1app:v1: no image has this scope, so it decides nothing;"
                + " docker.io/ns/app:v1 was meant?",
            "WARNING /transports/docker/docker.io~1busybox: has only the images below it, not"
                + " itself; docker.io/library/busybox was meant?"),
        remarks(
            "{'default':[{'type':'reject'}],'transports':{'docker':{'busybox':[{'type':'reject'}],"
                + "'ns/app:v1':[{'type':'reject'}],'docker.io/busybox':[{'type':'reject'}]}}}"));
  }

  @Test
  void openDoorsAreFound() throws Exception {
    String open = "[{'type':'insecureAcceptAnything'}]";
    assertEquals(
        List.of(
            "WARNING /default: lets in every image of which no scope speaks",
            "WARNING /transports/docker/: lets in every image of docker:",
            "WARNING /transports/docker/*.io: lets in every image of docker:*.io",
            "NOTE /transports/docker/r.io~1a: lets in images without looking at signatures"),
        remarks(
            "{'default':%1$s,'transports':{'docker':{'':%1$s,'*.io':%1$s,'r.io/a':%1$s}}}"
                .formatted(open)));
    assertEquals(
        List.of(
            "WARNING /default: demands no signature, and sealift.allow wants one, so every image"
                + " is refused"),
        remarks("{'default':" + open + ",'sealift':{}}"));
    assertEquals(
        List.of(
            "WARNING /sealift/allow: waives every signature of images that are not encrypted,"
                + " whatever their scope demands"),
        remarks("{'default':[{'type':'reject'}],'sealift':{'allow':['plain+unsigned']}}"));
  }

  @Test
  void transportsOfOthersAndOfNobodyAreFound() throws Exception {
    assertEquals(
        List.of(
            "NOTE /transports/dir: is for other tools: nothing is pulled from dir here",
            "WARNING /transports/dcoker: no such transport is known, so its scopes decide nothing;"
                + " known are docker, oci and oci-archive"),
        remarks("{'default':[{'type':'reject'}],'transports':{'docker':{},'dir':{},'dcoker':{}}}"));
  }

  @Test
  void requirementsThatNeverHoldAreFound() throws Exception {
    assertEquals(
        List.of(
            "WARNING /default/0: base layers are not checked by any tool, so every image is"
                + " refused",
            "WARNING /default: refuses every image, whatever else it demands"),
        remarks(
            "{'default':[{'type':'signedBaseLayer','baseLayerIdentity':{'type':'matchExact'}},"
                + "{'type':'reject'}]}"));
  }

  @Test
  void everyKeyIsTried() throws Exception {
    String policy =
        "{'default':[{'type':'signedBy','keyType':'GPGKeys','keyPath':'/k'},"
            + "{'type':'sigstoreSigned','keyPath':'/l'}]}";
    assertEquals(
        List.of("NOTE /default/0: trusts Ada", "ERROR /default/1: read /l: there is no such file"),
        remarks(
            policy,
            new SignatureSchemes(
                new MemoryScheme<>(),
                new MemoryScheme<io.sealift.policy.Requirement.SigstoreSigned>()
                    .failing(new NotFoundException("read /l: there is no such file")))));
    List<String> without = remarks(policy);
    assertEquals(2, without.size());
    assertTrue(without.getFirst().startsWith("ERROR /default/0: check signedBy: "), without + "");
  }

  @Test
  void layoutsBehindLinksAreFound(@TempDir Path directory) throws Exception {
    Path images = Files.createDirectory(directory.resolve("images")).toRealPath();
    Path link = Files.createSymbolicLink(images.resolveSibling("link"), images);
    List<String> remarks =
        remarks(
            ("{'default':[{'type':'reject'}],'transports':{'oci':{'%s':[{'type':'reject'}],"
                    + "'%s':[{'type':'reject'}],'%s/none':[{'type':'reject'}]}}}")
                .formatted(images, link, images));
    assertEquals(2, remarks.size(), remarks + "");
    assertTrue(
        remarks.get(0).endsWith("because links are followed; write " + images), remarks + "");
    assertTrue(remarks.get(1).endsWith(": there is nothing at this path now"), remarks + "");
    assertFalse(remarks.get(1).startsWith("ERROR"));
  }
}
