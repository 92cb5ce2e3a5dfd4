package io.sealift.policyfile;

import io.sealift.failure.BadReferenceException;
import io.sealift.failure.PolicyRefusedException;
import io.sealift.oci.Reference;
import io.sealift.policy.SignedIdentity;
import java.util.List;

/// Reads which image a signature has to name:
///
/// | `type` | other keys |
/// |---|---|
/// | `matchExact`, `matchRepoDigestOrExact`, `matchRepository` | none |
/// | `exactReference` | `dockerReference`, with tag or digest |
/// | `exactRepository` | `dockerRepository` |
/// | `remapIdentity` | `prefix`, `signedPrefix`: a host with an optional port, or more, written in full |
final class IdentityReader {

  private IdentityReader() {}

  static SignedIdentity read(Members requirement, String key) throws PolicyRefusedException {
    Members any = Members.open(requirement.file(), requirement.place(key), requirement.value(key));
    String type = any.text("type");
    return switch (type) {
      case "matchExact" -> {
        requirement.object(key, List.of("type"));
        yield new SignedIdentity.MatchExact();
      }
      case "matchRepoDigestOrExact" -> {
        requirement.object(key, List.of("type"));
        yield new SignedIdentity.MatchRepoDigestOrExact();
      }
      case "matchRepository" -> {
        requirement.object(key, List.of("type"));
        yield new SignedIdentity.MatchRepository();
      }
      case "exactReference" ->
          exactReference(requirement.object(key, List.of("type", "dockerReference")));
      case "exactRepository" -> {
        Members members = requirement.object(key, List.of("type", "dockerRepository"));
        yield new SignedIdentity.ExactRepository(
            reference(members, "dockerRepository").repository());
      }
      case "remapIdentity" -> {
        Members members = requirement.object(key, List.of("type", "prefix", "signedPrefix"));
        yield new SignedIdentity.RemapIdentity(
            prefix(members, "prefix"), prefix(members, "signedPrefix"));
      }
      default ->
          throw any.refusal(
              "type",
              "expected matchExact, matchRepoDigestOrExact, matchRepository, exactReference, exactRepository or remapIdentity, found '%s'"
                  .formatted(type));
    };
  }

  private static SignedIdentity exactReference(Members members) throws PolicyRefusedException {
    Reference reference = reference(members, "dockerReference");
    String text = members.text("dockerReference");
    boolean bare = text.indexOf('@') < 0 && text.indexOf(':', text.lastIndexOf('/') + 1) < 0;
    if (bare) {
      throw members.refusal(
          "dockerReference", "expected a tag or a digest in '%s'".formatted(text));
    }
    return new SignedIdentity.ExactReference(reference);
  }

  private static Reference reference(Members members, String key) throws PolicyRefusedException {
    try {
      return Reference.parse(members.text(key));
    } catch (BadReferenceException malformed) {
      throw members.refusal(key, malformed.getMessage());
    }
  }

  private static String prefix(Members members, String key) throws PolicyRefusedException {
    String prefix = members.text(key);
    int slash = prefix.indexOf('/');
    boolean sound =
        slash < 0
            ? Reference.isHost(prefix)
            : Reference.isHost(prefix.substring(0, slash))
                && Reference.isPath(prefix.substring(slash + 1));
    if (!sound) {
      throw members.refusal(
          key, "expected HOST[:PORT][/PATH] without tag and digest, found '%s'".formatted(prefix));
    }
    return prefix;
  }
}
