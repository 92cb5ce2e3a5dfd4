package io.sealift.cri;

import io.grpc.ServerServiceDefinition;
import io.sealift.cri.Answering.Method;
import io.sealift.cri.message.Answers;
import io.sealift.cri.message.Requests;
import io.sealift.json.JsonValue;
import io.sealift.json.JsonWriter;
import io.sealift.service.Readiness;
import io.sealift.wire.ProtoException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Answers what clients ask of `runtime.v1.RuntimeService` before they ask for images: who is
/// there, and whether it is ready. Nothing here runs containers.
///
/// @param handlers runtime handlers that images may be for, the usual one being empty
/// @param settings told to those who want to know everything
record RuntimeService(
    String version, List<String> handlers, Map<String, Object> settings, Readiness readiness) {

  private static final String NAME = "sealift";

  ServerServiceDefinition definition(Answering answering) {
    return ServerServiceDefinition.builder(Methods.RUNTIME)
        .addMethod(
            Methods.unary(Methods.RUNTIME, "Version"),
            answering.unary(Method.VERSION, _ -> List.of(Answers.version(NAME, version))))
        .addMethod(
            Methods.unary(Methods.RUNTIME, "Status"),
            answering.unary(Method.STATUS, request -> List.of(status(request))))
        .build();
  }

  private byte[] status(byte[] request) throws ProtoException {
    boolean verbose = Requests.verbose(request);
    List<String> all = new ArrayList<>(List.of(""));
    all.addAll(handlers);
    return Answers.status(
        readiness.obstacle().orElse(""), all, verbose ? Map.of("config", config()) : Map.of());
  }

  private String config() {
    return new String(JsonWriter.compact(JsonValue.of(settings)), StandardCharsets.UTF_8);
  }
}
