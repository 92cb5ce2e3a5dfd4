package io.sealift.kbs;

import io.sealift.failure.BadReferenceException;
import io.sealift.failure.ImageException;
import io.sealift.registry.WebService;
import io.sealift.secret.SecretSource;
import io.sealift.wire.guest.AttestationAgent;
import io.sealift.wire.guest.DataHub;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Chooses where the secrets of a guest's owner come from, by the words that the guest's programs
/// have for it (`AA_KBC_PARAMS`, `agent.aa_kbc_params`; guest-components, `attestation_agent`):
///
/// | parameters | secrets of |
/// |---|---|
/// | `cc_kbc::URL` | the key broker there |
/// | `offline_fs_kbc::null` | files of the guest |
/// | `sample_kbc::null` | none; well-known values |
public final class OwnersSecrets {

  private static final String SEPARATOR = "::";

  private final String origin;
  private final Services services;
  private final Path agent;
  private final String extraFile;

  /// @param origin what set the parameters, for people
  /// @param services opens the key broker
  /// @param agent the socket of the attestation agent, which need not be there
  /// @param extraFile of `offline_fs_kbc`; empty when there is none
  public OwnersSecrets(String origin, Services services, Path agent, String extraFile) {
    this.origin = origin;
    this.services = services;
    this.agent = agent;
    this.extraFile = extraFile;
  }

  /// Opens services by their URL.
  public interface Services {
    WebService at(URI url) throws ImageException;
  }

  /// The source that the parameters name.
  ///
  /// @throws BadReferenceException when they name none
  public SecretSource named(String parameters) throws ImageException {
    int separator = parameters.indexOf(SEPARATOR);
    String client = separator < 0 ? parameters : parameters.substring(0, separator);
    return switch (client) {
      case "cc_kbc" ->
          broker(separator < 0 ? "" : parameters.substring(separator + SEPARATOR.length()));
      case "offline_fs_kbc" -> OfflineSecrets.ofGuest(extraFile);
      case "sample_kbc" -> new SampleSecrets();
      default ->
          throw new BadReferenceException(
              "read %s: expected cc_kbc::URL, offline_fs_kbc::null or sample_kbc::null, found '%s'"
                  .formatted(origin, parameters));
    };
  }

  /// A key broker takes evidence of the hardware from the attestation agent, where there is one,
  /// and elsewhere decides whether to be content with none.
  private SecretSource broker(String url) throws ImageException {
    Evidence evidence =
        Files.exists(agent)
            ? new AgentEvidence(new AttestationAgent(agent, DataHub.TIMEOUT))
            : new SampleEvidence();
    if (!url.matches("https?://.+")) {
      throw new BadReferenceException(noBroker(url));
    }
    try {
      return new KbsSecrets(services.at(new URI(url)), evidence);
    } catch (URISyntaxException malformed) {
      throw new BadReferenceException(noBroker(url), malformed);
    }
  }

  private String noBroker(String url) {
    return "read %s: expected a URL of http or https behind cc_kbc::, found '%s'"
        .formatted(origin, url);
  }
}
