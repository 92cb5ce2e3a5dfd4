/// Compression: telling how a layer's bytes are compressed and taking it away. Compressed bytes
/// enter in buffers, plain bytes leave in buffers; nothing is held whole. Open {@link
/// io.sealift.codec.Decompressor} first.
@NullMarked
package io.sealift.codec;

import org.jspecify.annotations.NullMarked;
