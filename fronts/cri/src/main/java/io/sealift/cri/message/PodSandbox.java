package io.sealift.cri.message;

import io.sealift.wire.ProtoException;
import io.sealift.wire.ProtoReader;
import java.util.LinkedHashMap;
import java.util.Map;

/// The pod that an image is for (`PodSandboxConfig`), as far as it matters to one; empty where the
/// client does not say.
public record PodSandbox(
    String name, String uid, String namespace, Map<String, String> annotations) {

  static final PodSandbox NONE = new PodSandbox("", "", "", Map.of());

  public PodSandbox {
    annotations = Map.copyOf(annotations);
  }

  static PodSandbox decode(byte[] message) throws ProtoException {
    PodSandbox pod = NONE;
    Map<String, String> annotations = new LinkedHashMap<>();
    ProtoReader fields = new ProtoReader("PodSandboxConfig", message);
    while (fields.next()) {
      switch (fields.field()) {
        case 1 -> pod = metadata(fields.bytes());
        case 7 -> Entries.read(fields, annotations);
        default -> fields.skip();
      }
    }
    return new PodSandbox(pod.name, pod.uid, pod.namespace, annotations);
  }

  private static PodSandbox metadata(byte[] message) throws ProtoException {
    String name = "";
    String uid = "";
    String namespace = "";
    ProtoReader fields = new ProtoReader("PodSandboxMetadata", message);
    while (fields.next()) {
      switch (fields.field()) {
        case 1 -> name = fields.text();
        case 2 -> uid = fields.text();
        case 3 -> namespace = fields.text();
        default -> fields.skip();
      }
    }
    return new PodSandbox(name, uid, namespace, Map.of());
  }
}
