package io.sealift.cri.image;

import io.sealift.oci.Reference;
import java.util.Locale;

/// A registry as clients write it into `server_address`: `HOST[:PORT]`, or a URL with anything
/// behind the host, as `https://index.docker.io/v1/`.
///
/// @param host with its port unless that is the usual one, in lower case
record RegistryAddress(String host) {

  private static final String HTTPS_PORT = ":443";
  private static final String HTTP_PORT = ":80";

  static RegistryAddress of(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    int scheme = lower.indexOf("://");
    String rest = scheme < 0 ? lower : lower.substring(scheme + "://".length());
    int slash = rest.indexOf('/');
    String host = slash < 0 ? rest : rest.substring(0, slash);
    String usual = lower.startsWith("http://") ? HTTP_PORT : HTTPS_PORT;
    String bare = host.endsWith(usual) ? host.substring(0, host.length() - usual.length()) : host;
    return new RegistryAddress(canonical(bare));
  }

  /// Docker Hub has several names.
  private static String canonical(String host) {
    return Reference.DOCKER_HUB_NAMES.contains(host) ? Reference.DOCKER_HUB : host;
  }

  /// Whether this is the registry of a reference's domain.
  boolean is(String domain) {
    return host.equals(of(domain).host);
  }
}
