package io.sealift.crypt;

/// A layer's key for one recipient, as the wrapper of its scheme left it: a JWE, an OpenPGP
/// message, a CMS structure, whatever a key provider made. Not secret. The array is not to be
/// written to.
///
/// @param scheme what stands behind `org.opencontainers.image.enc.keys.`: `jwe`, `pgp`, `pkcs7`,
///   `pkcs11`, `provider.NAME`
@SuppressWarnings("ArrayRecordComponent")
public record WrappedKey(String scheme, byte[] bytes) {}
