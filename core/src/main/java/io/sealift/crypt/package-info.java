/// Encrypted layers as ocicrypt makes them: what a descriptor says of the encryption, who opens the
/// key, and the cipher. A layer's key is opened for each pull; nothing that was decrypted counts
/// before {@link io.sealift.crypt.Decryption#complete} returned. Open {@link
/// io.sealift.crypt.LayerKeys} first.
@NullMarked
package io.sealift.crypt;

import org.jspecify.annotations.NullMarked;
