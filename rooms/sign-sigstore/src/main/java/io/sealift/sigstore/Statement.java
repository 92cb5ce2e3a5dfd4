package io.sealift.sigstore;

import io.sealift.failure.UnsafeContentException;
import io.sealift.json.JsonLimits;
import io.sealift.json.JsonObject;
import io.sealift.json.JsonReader;
import io.sealift.oci.Digest;
import io.sealift.policy.SimplePayload;
import io.sealift.sigstore.crypto.Unproven;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What an attestation says: something of a type about some subjects (in-toto attestation
/// framework, Statement, v1 and v0.1).
///
/// @param subjects their digests, by algorithm
record Statement(String predicateType, List<Map<String, String>> subjects) {

  /// The predicate by which cosign 3 signs images.
  static final String COSIGN_SIGN = "https://sigstore.dev/cosign/sign/v1";

  private static final List<String> TYPES =
      List.of("https://in-toto.io/Statement/v1", "https://in-toto.io/Statement/v0.1");

  /// Subjects of a statement; for images one or two.
  private static final int MAX_SUBJECTS = 1024;

  static Statement read(byte[] json) throws UnsafeContentException, Unproven {
    JsonObject statement =
        JsonReader.readObject(json, "statement", JsonLimits.ofBytes(SimplePayload.MAX_BYTES));
    String type = statement.string("_type");
    if (!TYPES.contains(type)) {
      throw new Unproven("a statement of the unknown type '%s'".formatted(type));
    }
    List<Map<String, String>> subjects = new ArrayList<>();
    for (JsonObject subject : statement.objects("subject")) {
      subjects.add(subject.stringMap("digest"));
    }
    if (subjects.size() > MAX_SUBJECTS) {
      throw new Unproven("a statement about more than %d subjects".formatted(MAX_SUBJECTS));
    }
    return new Statement(statement.string("predicateType"), subjects);
  }

  /// Whether a subject has this digest. Its name does not matter.
  boolean isAbout(Digest digest) {
    return subjects.stream()
        .anyMatch(subject -> digest.hex().equals(subject.get(digest.algorithm().label())));
  }
}
