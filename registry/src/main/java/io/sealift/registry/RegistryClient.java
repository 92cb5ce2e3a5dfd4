package io.sealift.registry;

import io.sealift.failure.BadReferenceException;
import io.sealift.oci.Reference;
import io.sealift.source.ImageSource;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Opens repositories of registries. Immutable and thread-safe; made by {@link #builder}.
public final class RegistryClient {

  private final boolean plainHttp;
  private final @Nullable Credentials credentials;
  private final Trust trust;
  private final Duration timeout;
  private final Tries tries;

  private RegistryClient(Builder parts) throws BadReferenceException {
    plainHttp = parts.plainHttp;
    credentials = parts.credentials;
    trust = Trust.of(parts.certificates);
    timeout = parts.timeout;
    tries = new Tries(parts.pause);
  }

  public static Builder builder() {
    return new Builder();
  }

  /// The repository that a reference names. Nothing is sent before something is asked of it; the
  /// caller closes it.
  public ImageSource open(Reference reference) {
    Endpoint endpoint = Endpoint.of(reference, plainHttp);
    ConnectionPool pool = new ConnectionPool(trust, timeout);
    Authorizer authorizer = new Authorizer(new Http(pool), endpoint, reference.path(), credentials);
    return new RegistrySource(reference, endpoint, pool, authorizer, tries);
  }

  /// Names how to speak to registries; everything has a default.
  public static final class Builder {

    /// Long enough for a registry that fetches from elsewhere first, short enough for a dead one.
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(60);

    private boolean plainHttp;
    private @Nullable Credentials credentials;
    private List<byte[]> certificates = List.of();
    private Duration timeout = DEFAULT_TIMEOUT;
    private Pause pause = Pause.SLEEP;

    private Builder() {}

    /// Speak HTTP without TLS, for registries on a trusted network only.
    public Builder plainHttp(boolean value) {
      plainHttp = value;
      return this;
    }

    /// Who asks; anonymous without. They stay the caller's to close.
    public Builder credentials(@Nullable Credentials value) {
      credentials = value;
      return this;
    }

    /// Certificate authorities in PEM that are trusted besides the Java platform's.
    public Builder certificates(List<byte[]> value) {
      certificates = List.copyOf(value);
      return this;
    }

    /// For connecting, and for each wait for more bytes.
    public Builder timeout(Duration value) {
      timeout = value;
      return this;
    }

    /// How the delays between tries pass.
    public Builder pause(Pause value) {
      pause = value;
      return this;
    }

    /// @throws BadReferenceException when the certificates are none
    public RegistryClient build() throws BadReferenceException {
      return new RegistryClient(this);
    }
  }
}
