package io.sealift.imageconfig;

import java.util.List;
import java.util.Locale;

/// What can be set for all images, and under which names: an option of the command line, variables
/// of the environment, keys of the file (image-rs, `ImageConfig`, and the table `sealift` for what
/// it has not), a word of the kernel's command line (Kata Containers). Where several say it the
/// option counts, then the environment, then the file, then the kernel.
///
/// Where a file is expected a value is a path or a URI. What a file of configuration has inside
/// itself is one of its resources, `config:///KEY`.
@SuppressWarnings("ImmutableEnumChecker") // List.of is
public enum Setting {
  /// The directory of the store.
  WORK_DIR("--work-dir", List.of("SEALIFT_WORK_DIR"), List.of("work_dir"), ""),

  /// A `policy.json`.
  POLICY(
      "--policy",
      List.of("SEALIFT_POLICY"),
      List.of("image_security_policy_uri", "image_security_policy"),
      "agent.image_policy_file"),

  /// Where simple signatures are: one YAML document of containers-registries.d(5).
  SIGNATURE_STORES("", List.of(), List.of("sigstore_config_uri", "sigstore_config"), ""),

  /// An `auth.json`.
  CREDENTIALS(
      "--authfile",
      List.of("REGISTRY_AUTH_FILE", "CDH_DEFAULT_IMAGE_AUTHENTICATED_REGISTRY_CREDENTIALS"),
      List.of("authenticated_registry_credentials_uri"),
      "agent.image_registry_auth"),

  /// A `registries.conf`.
  REGISTRIES(
      "--registries-conf",
      List.of("CONTAINERS_REGISTRIES_CONF"),
      List.of("registry_config", "registry_configuration_uri"),
      ""),

  /// A number.
  CONCURRENT_DOWNLOADS(
      "--max-concurrent-downloads",
      List.of(),
      List.of("max_concurrent_layer_downloads_per_image"),
      ""),

  /// A number.
  CONNECTIONS(
      "--max-connections-per-host",
      List.of("SEALIFT_MAX_CONNECTIONS_PER_HOST"),
      List.of("sealift.max_connections_per_host"),
      ""),

  /// A time: `15s`, `500ms`, `2m`.
  CONNECT_TIMEOUT(
      "--connect-timeout",
      List.of("SEALIFT_CONNECT_TIMEOUT"),
      List.of("sealift.connect_timeout"),
      ""),

  /// A time.
  READ_TIMEOUT(
      "--read-timeout", List.of("SEALIFT_READ_TIMEOUT"), List.of("sealift.read_timeout"), ""),

  /// A time.
  TOTAL_TIMEOUT(
      "--total-timeout", List.of("SEALIFT_TOTAL_TIMEOUT"), List.of("sealift.total_timeout"), ""),

  /// A size, see {@link ByteSize}.
  STORE_LIMIT("--store-limit", List.of("SEALIFT_STORE_LIMIT"), List.of("sealift.store_limit"), ""),

  /// A URL.
  HTTPS_PROXY(
      "",
      List.of("HTTPS_PROXY", "https_proxy"),
      List.of("image_pull_proxy.https_proxy"),
      "agent.https_proxy"),

  /// A URL.
  HTTP_PROXY(
      "",
      List.of("HTTP_PROXY", "http_proxy"),
      List.of("image_pull_proxy.http_proxy"),
      "agent.http_proxy"),

  /// Hosts, domains and networks, with commas between them.
  NO_PROXY(
      "", List.of("NO_PROXY", "no_proxy"), List.of("image_pull_proxy.no_proxy"), "agent.no_proxy"),

  /// PEM certificates of authorities that are trusted besides.
  AUTHORITIES("", List.of(), List.of("extra_root_certificates"), ""),

  /// References, or beginnings of some with a `*` behind, and white space between them: images that
  /// are not to be removed to make room.
  PINNED_IMAGES("--pinned-image", List.of(), List.of("sealift.pinned_images"), ""),

  /// `CLIENT::URL`: where secrets of the guest's owner are.
  KEY_BROKER("", List.of("AA_KBC_PARAMS"), List.of("kbc", "kbs_uri"), "agent.aa_kbc_params");

  /// {@link #PINNED_IMAGES} unless anything says so: what sandboxes of pods are made of.
  public static final String SANDBOX_IMAGES = "registry.k8s.io/pause:*";

  private final String option;
  private final List<String> variables;
  private final List<String> keys;
  private final String kernelKey;

  Setting(String option, List<String> variables, List<String> keys, String kernelKey) {
    this.option = option;
    this.variables = variables;
    this.keys = keys;
    this.kernelKey = kernelKey;
  }

  /// The name for people: `work-dir`.
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// The option that takes the place of all others; empty when there is none.
  public String option() {
    return option;
  }

  /// Variables of the environment, of which the first that is set counts.
  public List<String> variables() {
    return variables;
  }

  /// Keys of a file, with a dot where they are in each other. The first that is there counts, but
  /// for {@link #KEY_BROKER}, which both make.
  public List<String> keys() {
    return keys;
  }

  /// A word of the kernel's command line, before `=`; empty when there is none.
  public String kernelKey() {
    return kernelKey;
  }
}
