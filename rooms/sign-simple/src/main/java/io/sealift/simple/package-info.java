/// Simple signing (containers-signature(5)). A requirement `signedBy` and an image enter; what each
/// signature in the image's signature stores proves leaves. Open {@link
/// io.sealift.simple.SimpleSigning} first.
///
/// | step | where |
/// |---|---|
/// | which keys are trusted | {@link io.sealift.simple.KeyRing} |
/// | where signatures are | {@link io.sealift.simple.Lookasides}, {@link io.sealift.simple.SignatureStore} |
/// | what a signature file is | {@link io.sealift.simple.SignatureBlob}, {@link io.sealift.simple.SignedMessage} |
/// | who signed it | {@link io.sealift.simple.Verifier}, {@link io.sealift.simple.Certificate} |
/// | what was signed | {@link io.sealift.policy.SimplePayload} |
@NullMarked
package io.sealift.simple;

import org.jspecify.annotations.NullMarked;
