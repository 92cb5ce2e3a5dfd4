package io.sealift.imageconfig;

import io.sealift.imageconfig.Configuration.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the configuration of a Confidential Data Hub says besides images (guest-components,
/// `confidential-data-hub/hub/src/config`), or the kernel's command line for one.
///
/// | | key of the file | word of the kernel |
/// |---|---|---|
/// | `socket` | `socket` | |
/// | `agent` | `aa.aa_socket` | |
/// | `logLevel` | `log.level` | |
/// | `resources` | `credentials`, of `resource_uri` and `path` each | `cdh.kbs_resources=URI::PATH,…` |
///
/// @param socket where calls are answered: an address
/// @param agent where the Attestation Agent answers: an address
/// @param logLevel how much is told
/// @param resources to be written to files before the first call
public record HubSettings(
    @Nullable Value socket,
    @Nullable Value agent,
    @Nullable Value logLevel,
    List<Resource> resources) {

  /// Nothing is set.
  public static final HubSettings NONE = new HubSettings(null, null, null, List.of());

  /// Resources of one hub; real ones have one or two.
  static final int MAX_RESOURCES = 64;

  public HubSettings {
    resources = List.copyOf(resources);
  }

  /// A resource of the guest's owner that belongs into a file.
  ///
  /// @param uri as a source of secrets knows it
  /// @param path as it stands there
  /// @param origin what named it, for people
  public record Resource(String uri, String path, String origin) {}
}
