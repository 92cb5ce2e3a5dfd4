package io.sealift.cri;

import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import io.sealift.failure.ImageException;
import io.sealift.json.JsonValue;
import io.sealift.json.JsonWriter;
import io.sealift.registry.Retries;
import io.sealift.service.LineFormat;
import io.sealift.service.Log;
import io.sealift.service.Readiness;
import io.sealift.testing.InProcessRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A daemon in this process, as it runs on a node, with a client of its socket; from {@link
/// #started} until {@link #close}. It finds what other registries have in one of this process.
///
/// | of an image in the registry here | is named | by |
/// |---|---|---|
/// | `k8s-staging-cri-tools/x` | `gcr.io/k8s-staging-cri-tools/x` | a mirror |
/// | `x` | `registry.k8s.io/x`, `k8s.gcr.io/x`, `registry.example/x` | their location |
final class TestNode implements AutoCloseable {

  private static final List<String> LOCATED =
      List.of("registry.k8s.io", "k8s.gcr.io", "registry.example");

  final Path workDir;
  final Path socket;
  final ServeOptions options = new ServeOptions();
  final Map<String, String> environment = new HashMap<>();
  final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private final Path directory;
  private @Nullable Daemon daemon;
  private Daemon.@Nullable Serving serving;
  private @Nullable CriClient client;

  /// @param directory for all that the node has
  TestNode(Path directory, InProcessRegistry registry) throws IOException {
    this.directory = directory;
    workDir = directory.resolve("store");
    socket = directory.resolve("run/cri.sock");
    options.socket = "unix://" + socket;
    options.workDir = workDir;
    options.insecurePolicy = true;
    StringBuilder places =
        new StringBuilder(
            """
            [[registry]]
            location = "gcr.io/k8s-staging-cri-tools"
            [[registry.mirror]]
            location = "%s/k8s-staging-cri-tools"
            insecure = true
            """
                .formatted(registry.address()));
    LOCATED.forEach(name -> places.append(located(name, registry.address())));
    options.registriesConf = file("registries.conf", places.toString());
    options.config = Path.of(file("config.json", "{}"));
  }

  private static String located(String name, String location) {
    return """
    [[registry]]
    prefix = "%s"
    location = "%s"
    insecure = true
    """
        .formatted(name, location);
  }

  /// Writes a file of settings.
  String file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text).toString();
  }

  /// Writes the configuration that is read at the start and at each reload.
  void configure(Map<String, Object> settings) throws IOException {
    byte[] json = JsonWriter.compact(JsonValue.of(settings));
    file("config.json", new String(json, StandardCharsets.UTF_8));
  }

  /// What a process is to be started with that is to be this node.
  List<String> arguments() {
    return List.of(
        "--socket",
        "unix://" + socket,
        "--work-dir",
        workDir.toString(),
        "--registries-conf",
        String.valueOf(options.registriesConf),
        "--config",
        String.valueOf(options.config),
        "--insecure-policy");
  }

  TestNode started() throws ImageException, IOException, InterruptedIOException {
    Log lines = new Log(log, LineFormat.TEXT, Log.Level.DEBUG, InstantSource.system());
    daemon = new Daemon(options, environment, "1.2.3", lines, Retries.none());
    serving = daemon.listen();
    daemon.readiness().enter(Readiness.State.SERVING);
    client = CriClient.connect(socket);
    return this;
  }

  Daemon daemon() {
    if (daemon == null) {
      throw new IllegalStateException("not started");
    }
    return daemon;
  }

  CriClient client() {
    if (client == null) {
      throw new IllegalStateException("not started");
    }
    return client;
  }

  /// Waits until what no image needs is removed.
  void collected() throws InterruptedException {
    if (serving == null) {
      throw new IllegalStateException("not started");
    }
    serving.collection().await();
  }

  String logged() {
    return log.toString(StandardCharsets.UTF_8);
  }

  /// Brings in an image.
  ///
  /// @return what the daemon calls it
  String pull(String image) {
    return text(client().call("PullImage", image(image)), "image_ref");
  }

  void remove(String image) {
    client().call("RemoveImage", image(image));
  }

  /// The image, as its status tells it.
  Optional<DynamicMessage> status(String image) {
    DynamicMessage answer = client().call("ImageStatus", image(image));
    return has(answer, "image") ? Optional.of(inside(answer, "image")) : Optional.empty();
  }

  /// All images.
  List<DynamicMessage> list() {
    return all(client().call("ListImages", ""), "images");
  }

  /// Ids of all images.
  List<String> ids() {
    return list().stream().map(image -> text(image, "id")).toList();
  }

  static String image(String name) {
    return "image { image: \"" + name + "\" }";
  }

  static String text(Message message, String field) {
    return (String) value(message, field);
  }

  static long number(Message message, String field) {
    return (Long) value(message, field);
  }

  static boolean truth(Message message, String field) {
    return (Boolean) value(message, field);
  }

  static boolean has(Message message, String field) {
    return message.hasField(message.getDescriptorForType().findFieldByName(field));
  }

  static DynamicMessage inside(Message message, String field) {
    return (DynamicMessage) value(message, field);
  }

  @SuppressWarnings("unchecked") // of a repeated field of messages
  static List<DynamicMessage> all(Message message, String field) {
    return (List<DynamicMessage>) value(message, field);
  }

  @SuppressWarnings("unchecked") // of a repeated field of texts
  static List<String> texts(Message message, String field) {
    return (List<String>) value(message, field);
  }

  private static Object value(Message message, String field) {
    return message.getField(message.getDescriptorForType().findFieldByName(field));
  }

  @Override
  public void close() throws IOException {
    if (client != null) {
      client.close();
    }
    if (serving != null) {
      serving.close();
    }
  }
}
