/// Keys of the scheme `pkcs11` (ocicrypt): RSA-OAEP for a key pair whose private half never leaves
/// a security token. Key files that describe such keys and wrapped keys enter, opened keys leave.
/// No module is loaded that ocicrypt's configuration does not allow. Open {@link
/// io.sealift.pkcs11.Pkcs11Keys} first.
@NullMarked
package io.sealift.pkcs11;

import org.jspecify.annotations.NullMarked;
