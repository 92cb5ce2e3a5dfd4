/// Keys of the scheme `pkcs7` (ocicrypt): CMS envelopes for the holders of certificates.
/// Certificates with their private keys and wrapped keys enter, opened keys leave. Open {@link
/// io.sealift.pkcs7.Pkcs7Keys} first.
@NullMarked
package io.sealift.pkcs7;

import org.jspecify.annotations.NullMarked;
