/// Security tokens through PKCS #11 modules (OASIS PKCS #11 2.40): shared libraries that speak to a
/// token and keep its private keys. PINs and ciphertext go in, what the token's keys open comes
/// out. Open {@link io.sealift.linux.token.TokenModule} first.
@NullMarked
package io.sealift.linux.token;

import org.jspecify.annotations.NullMarked;
