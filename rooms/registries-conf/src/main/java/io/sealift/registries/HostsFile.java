package io.sealift.registries;

import io.sealift.failure.BadReferenceException;
import io.sealift.oci.Reference;
import io.sealift.source.Place;
import io.sealift.source.TlsFiles;
import io.sealift.toml.Settings;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One `hosts.toml` of containerd: hosts in the order of the file, and last the server, or without
/// one the registry itself, about which the settings outside of tables are then.
record HostsFile(List<Host> hosts) {

  private static final Set<String> HOST_KEYS =
      Set.of(
          "capabilities", "ca", "client", "skip_verify", "header", "override_path", "dial_timeout");

  private static final Set<String> KEYS = with(HOST_KEYS, "server", "host");

  private static final Set<String> CAPABILITIES = Set.of("pull", "resolve", "push", "referrers");

  /// Header fields that are this program's own affair.
  private static final Set<String> OWN_HEADERS =
      Set.of("host", "content-length", "transfer-encoding", "connection", "accept", "range");

  /// Characters of a header's name (RFC 9110, token).
  private static final String TOKEN = "[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}";

  /// What a header's value may have (RFC 9110, field-value): printable ASCII.
  private static final String FIELD_VALUE = "[ -~]{1,1024}";

  private static final String API = "/v2";

  /// The registry itself with nothing said of it.
  private static final Host ITSELF =
      new Host(
          null, false, CAPABILITIES, Map.of(), TlsFiles.NONE, "the registry itself, tried last");

  HostsFile {
    hosts = List.copyOf(hosts);
  }

  /// @param api root of the interface; null for the registry's own
  record Host(
      @Nullable URI api,
      boolean skipVerify,
      Set<String> capabilities,
      Map<String, String> headers,
      TlsFiles tls,
      String why) {}

  private static Set<String> with(Set<String> keys, String... more) {
    Set<String> all = new HashSet<>(keys);
    all.addAll(List.of(more));
    return Set.copyOf(all);
  }

  static HostsFile parse(byte[] toml, Path file) throws BadReferenceException {
    Path directory = Objects.requireNonNull(file.toAbsolutePath().getParent());
    Optional<Settings> read = Settings.read(toml, file.toString());
    if (read.isEmpty()) {
      return ofDirectory(directory);
    }
    Settings settings = read.get();
    settings.expectOnly(KEYS);
    List<Host> hosts = new ArrayList<>();
    Settings table = settings.table("host").orElse(null);
    if (table != null) {
      for (String name : table.keysInOrder()) {
        Settings host = table.table(name).orElseThrow();
        host.expectOnly(HOST_KEYS);
        URI api = api(table, name, name, host);
        hosts.add(host(host, api, directory, "host, " + table.place(name)));
      }
    }
    hosts.add(last(settings, directory));
    return new HostsFile(hosts);
  }

  private static Host last(Settings settings, Path directory) throws BadReferenceException {
    String server = settings.text("server");
    if (server != null && !server.isEmpty()) {
      URI api = api(settings, "server", server, settings);
      return host(settings, api, directory, "server, " + settings.place("server"));
    }
    Host itself = host(settings, null, directory, ITSELF.why());
    return new Host(
        null, itself.skipVerify(), CAPABILITIES, itself.headers(), itself.tls(), itself.why());
  }

  /// A directory without settings, or with none in them, whose certificates are for the registry
  /// itself.
  static HostsFile ofDirectory(Path directory) throws BadReferenceException {
    TlsFiles tls = HostCertificates.in(directory);
    return new HostsFile(List.of(new Host(null, false, CAPABILITIES, Map.of(), tls, ITSELF.why())));
  }

  private static Host host(Settings settings, @Nullable URI api, Path directory, String why)
      throws BadReferenceException {
    settings.text("dial_timeout");
    return new Host(
        api,
        settings.flag("skip_verify"),
        capabilities(settings),
        headers(settings),
        HostCertificates.of(settings, directory),
        why);
  }

  private static Set<String> capabilities(Settings settings) throws BadReferenceException {
    List<String> given = settings.texts("capabilities");
    if (given == null || given.isEmpty()) {
      return CAPABILITIES;
    }
    for (String one : given) {
      if (!CAPABILITIES.contains(one.toLowerCase(Locale.ROOT))) {
        throw settings.bad(
            "capabilities", "expected pull, resolve, push or referrers, found '%s'".formatted(one));
      }
    }
    return given.stream().map(one -> one.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
  }

  private static Map<String, String> headers(Settings settings) throws BadReferenceException {
    Map<String, String> headers = new LinkedHashMap<>();
    Settings table = settings.table("header").orElse(null);
    if (table != null) {
      for (String name : table.keys()) {
        String value = String.join(", ", table.textOrTexts(name));
        if (!name.matches(TOKEN)
            || !value.matches(FIELD_VALUE)
            || OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
          throw table.bad(name, "expected a header that may be added, with a value of one line");
        }
        headers.put(name, value);
      }
    }
    return headers;
  }

  /// The root of the interface that a URL means: with `/v2` behind its path unless `override_path`
  /// says that the path is all.
  private static URI api(Settings settings, String key, String text, Settings host)
      throws BadReferenceException {
    String url = text.contains("://") ? text : "https://" + text;
    try {
      URI uri = new URI(url);
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      boolean plain =
          uri.getRawUserInfo() == null && uri.getRawQuery() == null && uri.getRawFragment() == null;
      if (web && plain && uri.getHost() != null && !uri.getRawPath().contains("..")) {
        String path = uri.getRawPath().replaceAll("/{2,}", "/").replaceFirst("/$", "");
        boolean whole = host.flag("override_path") || path.endsWith(API);
        return new URI(uri.getScheme() + "://" + uri.getRawAuthority() + path + (whole ? "" : API));
      }
    } catch (URISyntaxException malformed) {
      throw settings.bad(key, "expected a URL of http or https");
    }
    throw settings.bad(key, "expected a URL of http or https, without user, query and ..");
  }

  /// Hosts that may be asked for an image; the registry itself last, unless a server takes its
  /// place.
  List<Place> places(Reference reference) {
    List<Place> places = new ArrayList<>();
    for (Host host : hosts) {
      boolean resolves = host.capabilities().contains("resolve");
      boolean pulls = host.capabilities().contains("pull");
      if (host.equals(ITSELF)) {
        places.add(new Place.Repository(reference, false, host.why()));
      } else if (resolves || pulls) {
        URI api = host.api() == null ? own(reference) : host.api();
        Place.Server server =
            new Place.Server(
                api, namespace(reference, api), resolves, pulls, host.headers(), host.tls());
        places.add(new Place.Repository(reference, host.skipVerify(), server, host.why()));
      }
    }
    return places;
  }

  private static URI own(Reference reference) {
    return URI.create("https://" + host(reference) + API);
  }

  private static String host(Reference reference) {
    return reference.domain().equals(Reference.DOCKER_HUB)
        ? "registry-1.docker.io"
        : reference.domain();
  }

  /// A proxy for many registries has to be told which is meant.
  private static @Nullable String namespace(Reference reference, URI api) {
    return host(reference).equals(api.getRawAuthority()) ? null : reference.domain();
  }
}
