package io.sealift.oci;

import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/// JSON as tests write it, and the pieces that manifests are made of.
public final class JsonText {

  public static final String CONFIG_TYPE = MediaType.OCI_CONFIG.name();
  public static final String LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar+gzip";

  private JsonText() {}

  /// Text with `'` in the place of `"`.
  public static byte[] json(String text) {
    return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }

  public static String descriptor(String type, byte[] content) {
    return descriptor(type, Sha256.of(content).toString(), content.length + "", "");
  }

  /// @param more further members, each with a comma before it
  public static String descriptor(String type, String digest, String size, String more) {
    return "{'mediaType':'%s','digest':'%s','size':%s%s}".formatted(type, digest, size, more);
  }

  /// @param digit stands 64 times in the digest
  public static String digest(char digit) {
    return "sha256:" + String.valueOf(digit).repeat(64);
  }

  public static String layer(char digit) {
    return descriptor(LAYER_TYPE, digest(digit), "10", "");
  }

  public static String manifest(String config, String... layers) {
    return "{'schemaVersion':2,'mediaType':'%s','config':%s,'layers':[%s]}"
        .formatted(MediaType.OCI_MANIFEST, config, String.join(",", layers));
  }

  public static String index(String... entries) {
    return "{'schemaVersion':2,'mediaType':'%s','manifests':[%s]}"
        .formatted(MediaType.OCI_INDEX, String.join(",", entries));
  }

  public static String platform(String os, String architecture) {
    return ",'platform':{'os':'%s','architecture':'%s'}".formatted(os, architecture);
  }

  /// @param digits each stands 64 times in a diff_id
  /// @param more further members, each with a comma before it
  public static String config(String digits, String more) {
    String diffIds =
        digits
            .chars()
            .mapToObj(digit -> "'" + digest((char) digit) + "'")
            .collect(Collectors.joining(","));
    return "{'architecture':'amd64','os':'linux'%s,'rootfs':{'type':'layers','diff_ids':[%s]}}"
        .formatted(more, diffIds);
  }
}
