/// Layer keys that a key provider opens, as ocicrypt's key provider protocol has it (ocicrypt,
/// `docs/keyprovider.md`): JSON in, JSON out, over one of three transports that a configuration
/// file names. Open {@link io.sealift.keyprovider.ProviderKeys} first.
@NullMarked
package io.sealift.keyprovider;

import org.jspecify.annotations.NullMarked;
