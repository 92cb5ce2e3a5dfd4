package io.sealift.testing;

import io.sealift.json.JsonValue;
import io.sealift.json.JsonWriter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// Simple signatures that a registry keeps itself (X-Registry-Supports-Signatures).
final class KeptSignatures {

  static final String HEADER = "X-Registry-Supports-Signatures";

  private static final String PREFIX = "/extensions/v2/";

  private final Map<String, List<byte[]>> signatures = new ConcurrentHashMap<>();

  void add(String repository, String digest, byte[] signature) {
    signatures
        .computeIfAbsent(path(repository, digest), path -> new CopyOnWriteArrayList<>())
        .add(signature.clone());
  }

  private static String path(String repository, String digest) {
    return PREFIX + repository + "/signatures/" + digest;
  }

  static boolean areAskedFor(RegistryRequest request) {
    return request.path().startsWith(PREFIX);
  }

  Answer answer(RegistryRequest request) {
    List<Map<String, Object>> entries = new ArrayList<>();
    for (byte[] signature : signatures.getOrDefault(request.path(), List.of())) {
      entries.add(
          Map.of(
              "version",
              2,
              "type",
              "atomic",
              "name",
              request.path().replaceFirst(".*/", "") + "@" + entries.size(),
              "content",
              Base64.getEncoder().encodeToString(signature)));
    }
    return Answer.of(200, JsonWriter.compact(JsonValue.of(Map.of("signatures", entries))))
        .header("Content-Type", "application/json");
  }
}
