/// Signatures by Sigstore and cosign (docs: cosign `SIGNATURE_SPEC.md` and `BUNDLE_SPEC.md`,
/// sigstore/protobuf-specs, `Bundle`). An image enters with a requirement and a source; for each
/// signature that lies beside it the scheme says whether it proves anything to the requirement.
/// Nothing is asked of anyone but the source. Open {@link io.sealift.sigstore.Sigstore}, then
/// {@code Verifier} for the checks.
@NullMarked
package io.sealift.sigstore;

import org.jspecify.annotations.NullMarked;
