package io.sealift.imageconfig;

import io.sealift.failure.BadReferenceException;
import io.sealift.failure.ImageException;
import io.sealift.failure.NotFoundException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.secret.SecretSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What one file of configuration, or the kernel's command line, sets; and what a file has inside
/// itself, as resources `config:///KEY`. Immutable.
public final class Configuration implements SecretSource {

  /// The scheme of resources.
  public static final String SCHEME = "config";

  /// Bytes of a file; a whole policy, registries and a few certificates may be inside.
  public static final int MAX_BYTES = 1 << 20;

  private static final String PREFIX = SCHEME + ":///";

  private final Map<Setting, Value> values;
  private final Map<String, byte[]> resources;
  private final HubSettings hub;
  private final boolean ofImages;

  Configuration(
      Map<Setting, Value> values,
      Map<String, byte[]> resources,
      HubSettings hub,
      boolean ofImages) {
    this.values = Map.copyOf(values);
    this.resources = Map.copyOf(resources);
    this.hub = hub;
    this.ofImages = ofImages;
  }

  /// A setting's value.
  ///
  /// @param origin what set it, for people
  public record Value(String text, String origin) {}

  /// Nothing is set.
  public static Configuration none() {
    return new Configuration(Map.of(), Map.of(), HubSettings.NONE, false);
  }

  /// Reads a file: JSON when it begins with a brace, TOML otherwise.
  ///
  /// @param origin how messages call it
  /// @throws BadReferenceException when it is malformed, or has a key that is not known
  public static Configuration parse(byte[] file, String origin) throws BadReferenceException {
    return ImageConfig.read(file, origin);
  }

  /// Reads the kernel's command line, as `/proc/cmdline` has it.
  public static Configuration ofKernel(String commandLine) {
    return KernelCommandLine.read(commandLine);
  }

  /// What is set; empty when nothing is said about it.
  public Optional<Value> value(Setting setting) {
    return Optional.ofNullable(values.get(setting));
  }

  /// This with what another one says of images, when this says nothing of them: the file of a data
  /// hub without a table `image` leaves that to the kernel.
  public Configuration completedBy(Configuration other) {
    if (ofImages) {
      return this;
    }
    Map<Setting, Value> both = new HashMap<>(other.values);
    both.putAll(values);
    return new Configuration(both, other.resources, hub, other.ofImages);
  }

  /// What is said besides images, for who serves what a data hub does.
  public HubSettings hub() {
    return hub;
  }

  /// Where a resource is.
  static String uri(String key) {
    return PREFIX + key;
  }

  @Override
  public byte[] read(String uri, int maxBytes) throws ImageException {
    String key = uri.startsWith(PREFIX) ? uri.substring(PREFIX.length()) : "";
    byte[] bytes = resources.get(key);
    if (bytes == null) {
      throw new NotFoundException("read %s: the configuration has no such key".formatted(uri));
    }
    if (bytes.length > maxBytes) {
      throw new UnsafeContentException(
          "read %s: more than the %d bytes allowed".formatted(uri, maxBytes));
    }
    return bytes.clone();
  }
}
