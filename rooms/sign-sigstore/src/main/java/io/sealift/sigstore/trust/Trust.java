package io.sealift.sigstore.trust;

import io.sealift.sigstore.certificate.Authority;
import io.sealift.sigstore.certificate.CertificateLogs;
import io.sealift.sigstore.certificate.Identity;
import io.sealift.sigstore.crypto.VerifyingKey;
import io.sealift.sigstore.log.Log;
import java.util.List;

/// Everything that one requirement trusts.
///
/// @param logs of which one has to have seen the signature; none when none need have
/// @param timeAuthorities whose time stamps count
public record Trust(Signers signers, List<Log> logs, List<Authority> timeAuthorities) {

  public Trust {
    logs = List.copyOf(logs);
    timeAuthorities = List.copyOf(timeAuthorities);
  }

  /// Whose signatures count.
  public sealed interface Signers {}

  /// The holders of these keys; at least one.
  public record Holders(List<VerifyingKey> keys) implements Signers {
    public Holders {
      keys = List.copyOf(keys);
    }
  }

  /// Whoever has this identity in a certificate.
  ///
  /// @param authorities one of which has to have issued it; at least one
  /// @param certificateLogs which have to know it
  /// @param now whether it has to be valid at present, and not when it was used
  public record Certified(
      List<Authority> authorities, Identity identity, CertificateLogs certificateLogs, boolean now)
      implements Signers {
    public Certified {
      authorities = List.copyOf(authorities);
    }
  }
}
