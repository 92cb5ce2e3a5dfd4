package io.sealift.registry;

import io.sealift.failure.BadReferenceException;
import io.sealift.oci.Reference;
import io.sealift.registry.ConnectionPool.Local;
import io.sealift.registry.proxy.Proxies;
import io.sealift.source.Documents;
import io.sealift.source.ImageSource;
import io.sealift.source.LayerSource;
import io.sealift.source.Place;
import io.sealift.source.TlsFiles;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Opens repositories of registries. Immutable and thread-safe; made by {@link #builder}.
public final class RegistryClient {

  private final boolean plainHttp;

  /// Who asks the registry that an image's name means.
  private final CredentialSource meant;

  private final Map<String, Credentials> credentials;
  private final CredentialSource elsewhere;
  private final Trust trust;
  private final Proxies proxies;
  private final Map<String, Path> sockets;

  private final Consumer<String> warnings;

  /// Registries whose proof is dispensed with.
  private final Map<Endpoint, Unproved> insecure;

  /// By the name of a registry and how it is spoken to.
  private final Map<String, Trust> trusts;

  private final Timeouts timeouts;
  private final Tries tries;
  private final Turns turns;
  private final Width width;

  private RegistryClient(Builder parts) throws BadReferenceException {
    plainHttp = parts.plainHttp;
    credentials = Map.copyOf(parts.credentials);
    elsewhere = parts.elsewhere;
    meant = parts.anywhere == null ? elsewhere : Login.of(parts.anywhere);
    trust = Trust.of(parts.certificates, parts.source);
    proxies = parts.proxies;
    sockets = Map.copyOf(parts.sockets);
    warnings = parts.warnings;
    trusts = new ConcurrentHashMap<>();
    insecure = new ConcurrentHashMap<>();
    timeouts = parts.timeouts;
    tries = new Tries(parts.retries, parts.pause);
    turns = new Turns(parts.connections);
    width = parts.width;
  }

  private RegistryClient(RegistryClient like, CredentialSource meant) {
    plainHttp = like.plainHttp;
    this.meant = meant;
    credentials = Map.of();
    elsewhere = like.elsewhere;
    trust = like.trust;
    proxies = like.proxies;
    sockets = like.sockets;
    trusts = like.trusts;
    warnings = like.warnings;
    insecure = like.insecure;
    timeouts = like.timeouts;
    tries = like.tries;
    turns = like.turns;
    width = like.width;
  }

  public static Builder builder() {
    return new Builder();
  }

  /// This client for somebody else: whoever asks the registry that an image's name means is looked
  /// up here, and nobody who was named before counts. Other registries, such as mirrors, are asked
  /// by whom is looked up as before.
  public RegistryClient as(CredentialSource somebody) {
    return new RegistryClient(this, somebody);
  }

  /// The repository that a reference names. Nothing is sent before something is asked of it; the
  /// caller closes it, which also ends what is still being read from it. It gives blobs from the
  /// middle too: {@link LayerSource.Ranged}.
  ///
  /// @throws BadReferenceException when the port is none
  public ImageSource open(Reference reference) throws BadReferenceException {
    return open(Place.Repository.of(reference), reference, true);
  }

  /// A repository as one of the places of an image. Credentials that are for whatever registry is
  /// opened are for the one that the image's name means, and go to no other host.
  ///
  /// @param name what the image is called, wherever it is
  /// @param patient whether to try again what failed; not worth waiting for where there is another
  ///   place
  /// @throws BadReferenceException when the port is none
  public ImageSource open(Place.Repository place, Reference name, boolean patient)
      throws BadReferenceException {
    Repository repository = Repository.of(place, plainHttp);
    CredentialSource asker = asker(canonical(repository.host()), canonical(name.domain()));
    Tries chosen = patient ? tries : new Tries(Retries.none(), tries.pause());
    Path socket = sockets.get(canonical(repository.host()));
    if (socket != null) {
      Repository near = repository.onThisMachine();
      return new RegistrySource(
          near, pool(trust, new Local(near.endpoint(), socket)), asker, chosen, width);
    }
    Unproved unproved =
        place.insecure() && repository.endpoint().tls() ? unproved(repository.endpoint()) : null;
    TlsFiles named = place.server() == null ? TlsFiles.NONE : place.server().tls();
    RegistrySource source = open(repository, named, unproved, asker, chosen);
    if (unproved == null || place.server() != null) {
      return source;
    }
    RegistrySource plain = open(Repository.of(place, true), named, null, asker, chosen);
    return new InsecureSource(source, plain, unproved);
  }

  private Unproved unproved(Endpoint endpoint) {
    return insecure.computeIfAbsent(endpoint, _ -> new Unproved(endpoint, warnings));
  }

  private RegistrySource open(
      Repository repository,
      TlsFiles named,
      @Nullable Unproved unproved,
      CredentialSource asker,
      Tries tries) {
    Endpoint endpoint = repository.endpoint();
    String key =
        endpoint
            + " "
            + repository.host()
            + (unproved == null ? "" : " unproved")
            + (named.isEmpty() ? "" : " " + named);
    Trust own =
        trusts.computeIfAbsent(
            key, _ -> trust.forRegistry(endpoint, repository.host(), named, unproved));
    return new RegistrySource(repository, pool(own, null), asker, tries, width);
  }

  /// Who asks a registry: those named for it come before those named for the one that is meant, and
  /// these before those that are looked up.
  private CredentialSource asker(String registry, String wanted) {
    Credentials known = credentials.get(registry);
    if (known != null) {
      return Login.of(known);
    }
    return registry.equals(wanted) ? meant : elsewhere;
  }

  /// Files of web servers, fetched with this client's certificates and patience but without its
  /// credentials; the caller closes it.
  public Documents documents() {
    return new WebDocuments(pool(trust, null), tries);
  }

  /// A web service, spoken to with this client's certificates and patience but without its
  /// credentials; the caller closes it.
  ///
  /// @param base what its paths are appended to
  /// @throws BadReferenceException when the URL is none
  public WebService service(URI base) throws BadReferenceException {
    return new WebService(Location.of(base), pool(trust, null));
  }

  private ConnectionPool pool(Trust trust, @Nullable Local local) {
    return new ConnectionPool(trust, proxies, local, timeouts, turns);
  }

  private static void log(String warning) {
    System.getLogger(RegistryClient.class.getName()).log(System.Logger.Level.WARNING, warning);
  }

  /// Docker Hub has several names.
  private static String canonical(String registry) {
    return Reference.DOCKER_HUB_NAMES.contains(registry) ? Reference.DOCKER_HUB : registry;
  }

  /// Names how to speak to registries; everything has a default.
  public static final class Builder {

    /// Enough for several layers and the parts of one of them side by side; the Rust client for
    /// registries has the same.
    public static final int CONNECTIONS = 16;

    /// More are an attack on a server.
    public static final int MAX_CONNECTIONS = 64;

    private boolean plainHttp;
    private @Nullable Credentials anywhere;
    private final Map<String, Credentials> credentials = new HashMap<>();
    private CredentialSource elsewhere = CredentialSource.NONE;
    private List<byte[]> certificates = List.of();
    private CertificateSource source = CertificateSource.NONE;
    private Proxies proxies = Proxies.NONE;
    private final Map<String, Path> sockets = new HashMap<>();
    private Consumer<String> warnings = RegistryClient::log;
    private Timeouts timeouts = Timeouts.DEFAULT;
    private Retries retries = Retries.DEFAULT;
    private int connections = CONNECTIONS;
    private Width width = new Width();
    private Pause pause = Pause.REAL;

    private Builder() {}

    /// Speak HTTP without TLS, for registries on a trusted network only. Docker Hub is spoken to
    /// with TLS all the same.
    public Builder plainHttp(boolean value) {
      plainHttp = value;
      return this;
    }

    /// Who asks whatever registry is opened, for clients that open one; anonymous without. They
    /// stay the caller's to close.
    public Builder credentials(@Nullable Credentials value) {
      anywhere = value;
      return this;
    }

    /// Who asks this registry, and no other. They stay the caller's to close.
    ///
    /// @param registry a reference's domain: a host with an optional port
    public Builder credentials(String registry, Credentials value) {
      credentials.put(canonical(registry), value);
      return this;
    }

    /// Where credentials are looked up that were not given.
    public Builder credentials(CredentialSource value) {
      elsewhere = value;
      return this;
    }

    /// Certificate authorities in PEM that are trusted besides the Java platform's.
    public Builder certificates(List<byte[]> value) {
      certificates = List.copyOf(value);
      return this;
    }

    /// Where more certificates of registries are looked up, and those that we show them.
    public Builder certificates(CertificateSource value) {
      source = value;
      return this;
    }

    /// A registry that is behind a Unix socket of this machine and spoken to without TLS, such as
    /// one that a host offers to its guest. Credentials for it go through that socket.
    ///
    /// @param registry a reference's domain: a host with an optional port
    public Builder socket(String registry, Path socket) {
      sockets.put(canonical(registry), socket);
      return this;
    }

    /// What leads to servers that are not spoken to directly.
    public Builder proxies(Proxies value) {
      proxies = value;
      return this;
    }

    /// Is told what a user should know although it is no failure: a registry that did not prove who
    /// it is, because its settings allow that. One line each; logged without this.
    public Builder warnings(Consumer<String> value) {
      warnings = value;
      return this;
    }

    public Builder timeouts(Timeouts value) {
      timeouts = value;
      return this;
    }

    public Builder retries(Retries value) {
      retries = value;
      return this;
    }

    /// Connections that are used at once to each server, 1 to 64; whoever wants one more waits.
    public Builder connections(int perServer) {
      if (perServer < 1 || perServer > MAX_CONNECTIONS) {
        throw new IllegalArgumentException(
            "expected 1 to " + MAX_CONNECTIONS + " connections, got " + perServer);
      }
      connections = perServer;
      return this;
    }

    /// How much of a blob comes side by side.
    Builder width(Width value) {
      width = value;
      return this;
    }

    /// How the delays between tries pass.
    Builder pause(Pause value) {
      pause = value;
      return this;
    }

    /// @throws BadReferenceException when the certificates are none
    public RegistryClient build() throws BadReferenceException {
      return new RegistryClient(this);
    }
  }
}
