package io.sealift.source;

import io.sealift.oci.Digest;
import io.sealift.oci.Reference;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A *physical* place where the image of a *logical* reference may be had. Policies and names in
/// the store never see it; credentials and TLS are its own.
public sealed interface Place {

  /// Why it is one, for people: `mirror 1 of registry.example, line 3 of
  /// /etc/containers/registries.conf`.
  String why();

  /// Where it is, for people.
  String where();

  /// Whether it may be asked what a tag means.
  default boolean knowsTags() {
    return true;
  }

  /// Whether it may be asked for what has a digest.
  default boolean hasContent() {
    return true;
  }

  /// A repository of a registry.
  ///
  /// @param reference what the image is called there
  /// @param insecure whether it may be spoken to without knowing who it is; without TLS too when no
  ///   server is named
  /// @param server where it is when the reference's host does not say that
  record Repository(Reference reference, boolean insecure, @Nullable Server server, String why)
      implements Place {

    public Repository(Reference reference, boolean insecure, String why) {
      this(reference, insecure, null, why);
    }

    /// The repository that a reference names by itself.
    public static Repository of(Reference reference) {
      return new Repository(reference, false, "the reference itself");
    }

    @Override
    public boolean knowsTags() {
      return server == null || server.knowsTags();
    }

    @Override
    public boolean hasContent() {
      return server == null || server.hasContent();
    }

    @Override
    public String where() {
      String part = reference.digest() == null ? ":" + reference.tag() : "@" + reference.digest();
      return server == null ? reference.toString() : server.api() + "/" + reference.path() + part;
    }
  }

  /// A server that is named by a URL (containerd's `hosts.toml`).
  ///
  /// @param api root of the interface, what repositories are appended to: `https://mirror/v2`
  /// @param namespace the registry that is asked for, which a proxy for many has to be told (`ns`);
  ///   null to keep that back
  /// @param knowsTags whether it resolves tags
  /// @param hasContent whether it gives manifests and blobs by digest
  /// @param headers to be sent with every request to it
  /// @param tls certificates that are named for it
  record Server(
      URI api,
      @Nullable String namespace,
      boolean knowsTags,
      boolean hasContent,
      Map<String, String> headers,
      TlsFiles tls) {

    public Server {
      headers = Map.copyOf(headers);
    }

    /// Host and optional port.
    public String authority() {
      return Optional.ofNullable(api.getRawAuthority()).orElse("");
    }

    /// Without the headers' values, which may be secret.
    @Override
    public String toString() {
      return "Server[api=" + api + ", headers=" + headers.keySet() + "]";
    }
  }

  /// A layout directory of this machine.
  ///
  /// @param names what the image may be called in it; the first that is there counts
  /// @param digest of the manifest or index, which needs no name then; null when the image is asked
  ///   for by tag
  record Layout(Path directory, List<String> names, @Nullable Digest digest, String why)
      implements Place {

    public Layout {
      names = List.copyOf(names);
    }

    @Override
    public String where() {
      return "oci:" + directory + (digest == null ? ":" + names.getFirst() : "@" + digest);
    }
  }
}
