package io.sealift.policy;

import org.jspecify.annotations.Nullable;

/// Where in a policy some requirements stand.
///
/// @param transport `docker`, `oci`, …; null for the policy's `default`
/// @param key which names of the transport: a host, a repository, a path; empty for all of them
public record Scope(@Nullable String transport, String key) {

  public static final Scope DEFAULT = new Scope(null, "");

  /// The JSON pointer (RFC 6901) of the list of requirements.
  public String pointer() {
    return transport == null
        ? "/default"
        : "/transports/" + pointerPart(transport) + "/" + pointerPart(key);
  }

  /// One part of a JSON pointer.
  public static String pointerPart(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }

  /// For people: `default`, `docker:registry.example/app`, `docker:`.
  @Override
  public String toString() {
    return transport == null ? "default" : transport + ":" + key;
  }
}
