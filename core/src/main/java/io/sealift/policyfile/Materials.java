package io.sealift.policyfile;

import io.sealift.failure.PolicyRefusedException;
import io.sealift.policy.Material;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/// Keys and certificates by the four endings that their names have in a policy file: `…Path`,
/// `…Paths`, `…Data`, `…Datas`. A path is a file's, or a URI. Data is base64 of the file's bytes
/// or, where it begins with `-----BEGIN`, the PEM text itself.
final class Materials {

  private static final String PEM = "-----BEGIN";

  private Materials() {}

  /// What is under the one of the keys that is there, which has to be.
  static List<Material> oneOf(Members members, List<String> keys) throws PolicyRefusedException {
    return read(members, members.exactlyOne(keys));
  }

  /// What is under the one of the keys that is there, if any.
  static List<Material> anyOf(Members members, List<String> keys) throws PolicyRefusedException {
    List<String> there = members.atMostOne(keys);
    return there.isEmpty() ? List.of() : read(members, there.getFirst());
  }

  /// What is under a key.
  static List<Material> read(Members members, String key) throws PolicyRefusedException {
    boolean many = key.endsWith("s");
    List<String> texts = many ? members.texts(key) : List.of(members.text(key));
    List<Material> materials = new ArrayList<>();
    for (String text : texts) {
      String place = many ? key + "/" + materials.size() : key;
      materials.add(
          key.toLowerCase(Locale.ROOT).contains("path")
              ? new Material.At(text)
              : new Material.Given(members.place(place), data(members, place, text)));
    }
    return materials;
  }

  private static byte[] data(Members members, String place, String text)
      throws PolicyRefusedException {
    if (text.startsWith(PEM)) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    try {
      // Line ends are no part of the alphabet, and are passed over as in Go.
      String digits = text.replace("\r", "").replace("\n", "");
      byte[] bytes = digits.length() % 4 == 0 ? Base64.getDecoder().decode(digits) : new byte[0];
      if (bytes.length > 0) {
        return bytes;
      }
    } catch (IllegalArgumentException malformed) {
      throw members.refusal(place, "expected base64, or PEM text: " + malformed.getMessage());
    }
    throw members.refusal(place, "expected base64 with its padding, or PEM text");
  }
}
