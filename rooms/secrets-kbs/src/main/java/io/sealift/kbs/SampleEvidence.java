package io.sealift.kbs;

import io.sealift.json.JsonValue;
import io.sealift.json.JsonWriter;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/// Evidence that proves nothing: `sample`, which key brokers take only when they are told to, for
/// trying things out on machines that are not confidential.
public final class SampleEvidence implements Evidence {

  @Override
  public String tee() {
    return "sample";
  }

  @Override
  public byte[] primary(byte[] reportData) {
    Map<String, Object> evidence = new LinkedHashMap<>();
    evidence.put("svn", "1");
    evidence.put("report_data", Base64.getEncoder().encodeToString(reportData));
    return JsonWriter.compact(JsonValue.of(evidence));
  }

  @Override
  public byte[] additional(byte[] reportData) {
    return new byte[0];
  }
}
