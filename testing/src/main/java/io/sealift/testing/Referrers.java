package io.sealift.testing;

import io.sealift.failure.UnsafeContentException;
import io.sealift.json.JsonLimits;
import io.sealift.json.JsonObject;
import io.sealift.json.JsonReader;
import io.sealift.json.JsonValue;
import io.sealift.json.JsonWriter;
import io.sealift.oci.MediaType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The part of a registry that lists referrers (OCI distribution specification, Listing Referrers).
///
/// @param perPage entries of a page
record Referrers(int perPage) {

  /// One page of the documents whose subject has this digest.
  ///
  /// @param documents of the repository
  Answer answer(RegistryRequest request, Collection<BuiltBlob> documents, String subject) {
    List<Map<String, Object>> entries = new ArrayList<>();
    for (BuiltBlob document : documents) {
      entry(document, subject).ifPresent(entries::add);
    }
    int from = from(request.target());
    int to = Math.min(entries.size(), from + perPage);
    Answer answer = page(entries.subList(Math.min(from, to), to));
    return to == entries.size()
        ? answer
        : answer.header("Link", "<" + request.path() + "?from=" + to + ">; rel=\"next\"");
  }

  /// The entry of a document; empty when it is about something else, or no document at all.
  private static Optional<Map<String, Object>> entry(BuiltBlob document, String subject) {
    try {
      JsonObject json = JsonReader.readObject(document.bytes(), "document", JsonLimits.DEFAULT);
      if (!text(json, "subject", "digest").equals(subject)) {
        return Optional.empty();
      }
      String config = text(json, "config", "mediaType");
      Map<String, Object> entry = document.json();
      entry.put("artifactType", json.optionalString("artifactType").orElse(config));
      entry.put("annotations", json.stringMap("annotations"));
      return Optional.of(entry);
    } catch (UnsafeContentException notSound) {
      return Optional.empty();
    }
  }

  private static String text(JsonObject json, String object, String name)
      throws UnsafeContentException {
    JsonObject inner = json.optionalObject(object).orElse(null);
    return inner == null ? "" : inner.optionalString(name).orElse("");
  }

  private static int from(String target) {
    int at = target.indexOf("?from=");
    return at < 0 ? 0 : Integer.parseInt(target.substring(at + "?from=".length()));
  }

  private static Answer page(List<Map<String, Object>> entries) {
    Map<String, Object> index = new LinkedHashMap<>();
    index.put("schemaVersion", 2);
    index.put("mediaType", MediaType.OCI_INDEX.name());
    index.put("manifests", entries);
    return Answer.of(200, JsonWriter.compact(JsonValue.of(index)))
        .header("Content-Type", MediaType.OCI_INDEX.name());
  }
}
