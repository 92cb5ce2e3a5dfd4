/// Certificates: a chain to an {@link io.sealift.sigstore.certificate.Authority} that held at a
/// time, the identity that is in the leaf, the logs that saw it, and the time stamps that say when.
/// Open {@link io.sealift.sigstore.certificate.Authority} first.
@NullMarked
package io.sealift.sigstore.certificate;

import org.jspecify.annotations.NullMarked;
