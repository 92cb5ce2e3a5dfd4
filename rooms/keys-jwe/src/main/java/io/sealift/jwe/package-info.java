/// Layer keys wrapped as JSON Web Encryption (RFC 7516), as ocicrypt's scheme `jwe` does it. Open
/// {@link io.sealift.jwe.JweKeys} first.
@NullMarked
package io.sealift.jwe;

import org.jspecify.annotations.NullMarked;
