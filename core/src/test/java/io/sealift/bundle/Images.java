package io.sealift.bundle;

import static io.sealift.oci.JsonText.CONFIG_TYPE;
import static io.sealift.oci.JsonText.descriptor;
import static io.sealift.oci.JsonText.json;
import static io.sealift.oci.JsonText.layer;
import static io.sealift.oci.JsonText.manifest;

import io.sealift.oci.ImageName;
import io.sealift.oci.JsonText;
import io.sealift.oci.Platform;
import io.sealift.policy.Admitted;
import io.sealift.policy.Gatekeeper;
import io.sealift.policy.Policy;
import io.sealift.source.ImageSource;
import io.sealift.source.MemorySource;
import io.sealift.source.Resolver;
import io.sealift.verify.JcaHashing;

/// Admitted images that have a config and one layer that nobody fetches.
final class Images {

  private Images() {}

  /// @param more further members of the config, each with a comma before it
  static Admitted admitted(String more) throws Exception {
    byte[] config = json(JsonText.config("d", more));
    byte[] manifest = json(manifest(descriptor(CONFIG_TYPE, config), layer('1')));
    ImageSource source = new MemorySource().root(manifest, null, null).blob(config);
    return Gatekeeper.withoutSignatures(() -> Policy.insecureAcceptAnything("the test"))
        .admit(
            new Resolver(new JcaHashing())
                .resolve(ImageName.parse("r.io/a:t"), source, Platform.parse("amd64")),
            source);
  }
}
