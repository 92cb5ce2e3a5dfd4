/// What a requirement trusts: its keys, authorities and logs are read here, and nothing is proved
/// yet. Open {@link io.sealift.sigstore.trust.Trust} first.
@NullMarked
package io.sealift.sigstore.trust;

import org.jspecify.annotations.NullMarked;
