/// What the checks of this room are made of: keys, PEM, DER, digests, and the reason why something
/// proves nothing. Nothing but the Java platform's cryptography. Open {@link
/// io.sealift.sigstore.crypto.VerifyingKey} first.
@NullMarked
package io.sealift.sigstore.crypto;

import org.jspecify.annotations.NullMarked;
