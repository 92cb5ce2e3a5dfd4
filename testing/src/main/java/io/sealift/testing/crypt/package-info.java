/// Encrypting layers, and the contracts of what decrypts them.
@NullMarked
package io.sealift.testing.crypt;

import org.jspecify.annotations.NullMarked;
