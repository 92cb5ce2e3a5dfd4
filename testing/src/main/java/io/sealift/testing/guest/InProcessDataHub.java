package io.sealift.testing.guest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sealift.failure.UnsafeContentException;
import io.sealift.json.JsonLimits;
import io.sealift.json.JsonObject;
import io.sealift.json.JsonReader;
import io.sealift.json.JsonValue;
import io.sealift.json.JsonWriter;
import io.sealift.wire.Code;
import io.sealift.wire.ProtoException;
import io.sealift.wire.Request;
import io.sealift.wire.ServerLimits;
import io.sealift.wire.Services;
import io.sealift.wire.TtrpcException;
import io.sealift.wire.TtrpcServer;
import io.sealift.wire.guest.DataHub;
import io.sealift.wire.guest.Messages;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Cipher;

/// A Confidential Data Hub on a socket, from the constructor until {@link #close}: it gives
/// resources by URI and opens wrapped keys with them (guest-components,
/// `confidential-data-hub/hub`). Its errors are worded as the real one's, its answers about keys
/// are arrays of integers.
public final class InProcessDataHub implements AutoCloseable {

  private final Map<String, byte[]> resources = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final TtrpcServer server;

  public InProcessDataHub(Path socket) throws IOException {
    Services services =
        Services.builder()
            .add(DataHub.KEY_PROVIDER_SERVICE, DataHub.UNWRAP_KEY, this::unwrap)
            .add(
                DataHub.KEY_PROVIDER_SERVICE,
                DataHub.WRAP_KEY,
                request -> {
                  throw new TtrpcException(
                      Code.NOT_FOUND, "/%s is not supported".formatted(request));
                })
            .add(DataHub.RESOURCE_SERVICE, DataHub.GET_RESOURCE, this::resource)
            .build();
    server = TtrpcServer.listen(socket, services, ServerLimits.DEFAULT);
  }

  public Path socket() {
    return server.socket();
  }

  /// Adds a resource.
  ///
  /// @param path `REPOSITORY/TYPE/TAG`
  public InProcessDataHub resource(String path, byte[] bytes) {
    resources.put(path, bytes.clone());
    return this;
  }

  /// What was asked: URIs of resources, and the JSON of wrapped keys.
  public List<String> requests() {
    return List.copyOf(requests);
  }

  private byte[] resource(Request request) throws ProtoException, TtrpcException {
    String uri = Messages.text("GetResourceRequest", request.payload());
    requests.add(uri);
    byte[] found = resources.get(uri.replaceFirst("^kbs://[^/]*/", ""));
    if (found == null) {
      throw new TtrpcException(Code.INTERNAL, "[CDH] [ERROR]: Get Resource failed");
    }
    return Messages.ofBytes(found);
  }

  private byte[] unwrap(Request request) throws ProtoException, TtrpcException {
    byte[] input = Messages.bytes("KeyProviderKeyWrapProtocolInput", request.payload());
    requests.add(new String(input, UTF_8));
    JsonObject packet = packet(input);
    try {
      byte[] key = resources.get(packet.string("kid").replaceFirst("^kbs://[^/]*/", ""));
      if (key == null) {
        throw new IllegalArgumentException("no such key");
      }
      byte[] options =
          AnnotationPacket.run(
              Cipher.DECRYPT_MODE,
              packet.string("wrap_type"),
              key,
              Base64.getDecoder().decode(packet.string("iv")),
              Base64.getDecoder().decode(packet.string("wrapped_data")));
      return Messages.ofBytes(answer(options));
    } catch (UnsafeContentException | IllegalArgumentException failed) {
      throw new TtrpcException(
          Code.INTERNAL, "[CDH] [ERROR]: Decrypt Image (UnwrapKey) failed", failed);
    }
  }

  private static JsonObject packet(byte[] input) throws TtrpcException {
    try {
      JsonObject params =
          JsonReader.readObject(input, "input", JsonLimits.DEFAULT).object("keyunwrapparams");
      // As the real one does, it needs an object here.
      JsonObject _ = params.object("dc").object("Parameters");
      byte[] annotation = Base64.getDecoder().decode(params.string("annotation"));
      return JsonReader.readObject(annotation, "annotation", JsonLimits.DEFAULT);
    } catch (UnsafeContentException | IllegalArgumentException malformed) {
      throw new TtrpcException(Code.INTERNAL, "[ERROR] UnwrapKey Parse request failed", malformed);
    }
  }

  private static byte[] answer(byte[] options) {
    List<Integer> integers = new ArrayList<>();
    for (byte b : options) {
      integers.add(b & 0xff);
    }
    return JsonWriter.compact(
        JsonValue.of(Map.of("keyunwrapresults", Map.of("optsdata", integers))));
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
