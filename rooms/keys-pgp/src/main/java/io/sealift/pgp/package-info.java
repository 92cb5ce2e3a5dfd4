/// Keys of the scheme `pgp` (ocicrypt): OpenPGP messages for the holders of secret keys. Secret key
/// rings and wrapped keys enter, opened keys leave. Open {@link io.sealift.pgp.PgpKeys} first.
@NullMarked
package io.sealift.pgp;

import org.jspecify.annotations.NullMarked;
