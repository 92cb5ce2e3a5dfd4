package io.sealift.imageconfig;

import io.sealift.failure.BadReferenceException;
import io.sealift.failure.Nearest;
import io.sealift.failure.Quoted;
import io.sealift.failure.UnsafeContentException;
import io.sealift.imageconfig.Configuration.Value;
import io.sealift.json.JsonLimits;
import io.sealift.json.JsonObject;
import io.sealift.json.JsonReader;
import io.sealift.toml.Settings;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads the configuration of image-rs (`ImageConfig`, guest-components `image-rs/src/config.rs`),
/// or that of the Confidential Data Hub, whose table `image` it is (`confidential-data-hub`,
/// `hub/src/config`). A key that is not known there is refused, unlike there.
final class ImageConfig {

  private static final Set<String> KEYS =
      Set.of(
          "work_dir",
          "image_security_policy_uri",
          "image_security_policy",
          "sigstore_config_uri",
          "sigstore_config",
          "authenticated_registry_credentials_uri",
          "registry_configuration_uri",
          "registry_config",
          "max_concurrent_layer_downloads_per_image",
          "image_pull_proxy",
          "extra_root_certificates",
          "kbc",
          "kbs_uri",
          "sealift");

  /// Keys of the data hub's file; what its sealed secrets need is its own affair.
  private static final Set<String> HUB_KEYS =
      Set.of(
          "socket", "kbc", "aa", "credentials", "image", "skip_sealed_secret_verification", "log");

  private static final Set<String> BROKER_KEYS = Set.of("name", "url", "kbs_cert");
  private static final Set<String> AGENT_KEYS = Set.of("aa_socket");
  private static final Set<String> RESOURCE_KEYS = Set.of("resource_uri", "path");
  private static final Set<String> LOG_KEYS = Set.of("level");
  private static final Set<String> PROXY_KEYS = Set.of("https_proxy", "http_proxy", "no_proxy");

  /// What image-rs has no keys for, and passes over.
  private static final Set<String> OWN_KEYS =
      Set.of(
          "max_connections_per_host",
          "connect_timeout",
          "read_timeout",
          "total_timeout",
          "store_limit",
          "pinned_images");

  /// Certificates; real configurations have one or two.
  private static final int MAX_CERTIFICATES = 64;

  /// Pinned images; a node has a handful.
  private static final int MAX_PINS = 256;

  private final String origin;
  private final Map<Setting, Value> values = new EnumMap<>(Setting.class);
  private final Map<String, byte[]> resources = new HashMap<>();
  private HubSettings hub = HubSettings.NONE;
  private boolean ofImages = true;

  private ImageConfig(String origin) {
    this.origin = origin;
  }

  static Configuration read(byte[] file, String origin) throws BadReferenceException {
    if (file.length > Configuration.MAX_BYTES) {
      throw new BadReferenceException(
          "read %s: more than the %d bytes allowed".formatted(origin, Configuration.MAX_BYTES));
    }
    try {
      byte[] json = isJson(file) ? file : Settings.asJson(file, origin);
      JsonObject root = JsonReader.readSecrets(json, origin, JsonLimits.ofBytes(json.length));
      ImageConfig config = new ImageConfig(origin);
      config.readFile(root);
      return new Configuration(config.values, config.resources, config.hub, config.ofImages);
    } catch (UnsafeContentException malformed) {
      throw new BadReferenceException(malformed.getMessage(), malformed);
    }
  }

  private static boolean isJson(byte[] file) {
    return new String(file, StandardCharsets.UTF_8).stripLeading().startsWith("{");
  }

  private void readFile(JsonObject root) throws BadReferenceException, UnsafeContentException {
    if (!isOfHub(root)) {
      readImage(root);
      return;
    }
    expectOnly(root, "", HUB_KEYS);
    ofImages = root.has("image");
    if (ofImages) {
      readImage(root.object("image"));
    }
    if (root.has("kbc")) {
      JsonObject broker = root.object("kbc");
      expectOnly(broker, "kbc.", BROKER_KEYS);
      setBroker(broker.string("name"), broker.optionalString("url").orElse(""), "kbc.name");
      if (!broker.optionalString("kbs_cert").orElse("").isEmpty()) {
        throw bad(
            "kbc.kbs_cert",
            "only the authorities of the Java platform and of certs.d are trusted with a key broker; put it into certs.d");
      }
    }
    hub =
        new HubSettings(
            text(root, "", "socket"),
            root.has("aa") ? text(only(root, "aa", AGENT_KEYS), "aa.", "aa_socket") : null,
            root.has("log") ? text(only(root, "log", LOG_KEYS), "log.", "level") : null,
            filed(root));
  }

  /// `kbc` alone may be of either: a table is the hub's.
  private static boolean isOfHub(JsonObject root) {
    return root.names().stream().anyMatch(key -> HUB_KEYS.contains(key) && !key.equals("kbc"))
        || root.members().get("kbc") instanceof JsonObject;
  }

  private JsonObject only(JsonObject root, String key, Set<String> known)
      throws BadReferenceException, UnsafeContentException {
    JsonObject table = root.object(key);
    expectOnly(table, key + ".", known);
    return table;
  }

  private @Nullable Value text(JsonObject table, String path, String key)
      throws BadReferenceException, UnsafeContentException {
    return table.has(key) ? value(path + key, table.string(key)) : null;
  }

  private List<HubSettings.Resource> filed(JsonObject root)
      throws BadReferenceException, UnsafeContentException {
    List<HubSettings.Resource> filed = new ArrayList<>();
    for (JsonObject entry : root.objects("credentials")) {
      expectOnly(entry, "credentials.", RESOURCE_KEYS);
      filed.add(
          new HubSettings.Resource(
              value("credentials.resource_uri", entry.string("resource_uri")).text(),
              value("credentials.path", entry.string("path")).text(),
              "credentials of " + origin));
      if (filed.size() > HubSettings.MAX_RESOURCES) {
        throw bad("credentials", "more than the %d allowed".formatted(HubSettings.MAX_RESOURCES));
      }
    }
    return filed;
  }

  private void readImage(JsonObject image) throws BadReferenceException, UnsafeContentException {
    expectOnly(image, "", KEYS);
    set(Setting.WORK_DIR, image, "work_dir");
    setPlace(Setting.POLICY, image, "image_security_policy_uri", "image_security_policy");
    setPlace(Setting.SIGNATURE_STORES, image, "sigstore_config_uri", "sigstore_config");
    set(Setting.CREDENTIALS, image, "authenticated_registry_credentials_uri");
    if (image.has("registry_config")) {
      JsonObject registries = image.object("registry_config");
      keep(Setting.REGISTRIES, "registry_config", JsonAsToml.write(registries));
    } else {
      set(Setting.REGISTRIES, image, "registry_configuration_uri");
    }
    setNumber(Setting.CONCURRENT_DOWNLOADS, image, "max_concurrent_layer_downloads_per_image");
    if (image.has("image_pull_proxy")) {
      JsonObject proxy = image.object("image_pull_proxy");
      expectOnly(proxy, "image_pull_proxy.", PROXY_KEYS);
      set(Setting.HTTPS_PROXY, proxy, "https_proxy");
      set(Setting.HTTP_PROXY, proxy, "http_proxy");
      set(Setting.NO_PROXY, proxy, "no_proxy");
    }
    List<String> certificates = image.strings("extra_root_certificates");
    if (certificates.size() > MAX_CERTIFICATES) {
      throw bad(
          "extra_root_certificates",
          "more than the %d certificates allowed".formatted(MAX_CERTIFICATES));
    }
    if (!certificates.isEmpty()) {
      keep(Setting.AUTHORITIES, "extra_root_certificates", String.join("\n", certificates));
    }
    if (image.has("sealift")) {
      JsonObject own = image.object("sealift");
      expectOnly(own, "sealift.", OWN_KEYS);
      setNumber(Setting.CONNECTIONS, own, "max_connections_per_host");
      set(Setting.CONNECT_TIMEOUT, own, "connect_timeout");
      set(Setting.READ_TIMEOUT, own, "read_timeout");
      set(Setting.TOTAL_TIMEOUT, own, "total_timeout");
      set(Setting.STORE_LIMIT, own, "store_limit");
      if (own.has("pinned_images")) {
        setPins(own.strings("pinned_images"), "sealift.pinned_images");
      }
    }
    if (image.has("kbc")) {
      setBroker(image.string("kbc"), image.optionalString("kbs_uri").orElse("null"), "kbc");
    }
  }

  private void setPins(List<String> pins, String key) throws BadReferenceException {
    if (pins.size() > MAX_PINS) {
      throw bad(key, "more than the %d images allowed".formatted(MAX_PINS));
    }
    for (String pin : pins) {
      if (pin.isBlank() || pin.chars().anyMatch(Character::isWhitespace)) {
        throw bad(key, "expected references, found '%s'".formatted(Quoted.of(pin, 100)));
      }
    }
    put(Setting.PINNED_IMAGES, key, String.join(" ", pins));
  }

  /// A value that is one in itself.
  private void set(Setting setting, JsonObject object, String key)
      throws BadReferenceException, UnsafeContentException {
    if (object.has(key)) {
      put(setting, key, object.string(key));
    }
  }

  /// A value that is in another file, or else in this one.
  private void setPlace(Setting setting, JsonObject object, String uriKey, String key)
      throws BadReferenceException, UnsafeContentException {
    if (object.has(uriKey)) {
      set(setting, object, uriKey);
    } else if (object.has(key)) {
      keep(setting, key, object.string(key));
    }
  }

  private void keep(Setting setting, String key, String content) throws BadReferenceException {
    resources.put(key, content.getBytes(StandardCharsets.UTF_8));
    put(setting, key, Configuration.uri(key));
  }

  private void put(Setting setting, String key, String text) throws BadReferenceException {
    values.put(setting, value(key, text));
  }

  private Value value(String key, String text) throws BadReferenceException {
    if (text.isEmpty()) {
      throw bad(key, "expected a value, found an empty one; take the key away to leave it unset");
    }
    return new Value(text, "%s of %s".formatted(key, origin));
  }

  private void setNumber(Setting setting, JsonObject object, String key)
      throws BadReferenceException, UnsafeContentException {
    if (object.has(key)) {
      put(setting, key, Long.toString(object.integer(key)));
    }
  }

  private void setBroker(String client, String url, String key) throws BadReferenceException {
    put(Setting.KEY_BROKER, key, client + "::" + url);
  }

  private void expectOnly(JsonObject object, String path, Set<String> known)
      throws BadReferenceException {
    for (String key : object.names()) {
      if (!known.contains(key)) {
        throw bad(
            path + Quoted.of(key, 100), "there is no such setting" + Nearest.hint(key, known));
      }
    }
  }

  private BadReferenceException bad(String key, String what) {
    return new BadReferenceException("read %s: %s: %s".formatted(origin, key, what));
  }
}
