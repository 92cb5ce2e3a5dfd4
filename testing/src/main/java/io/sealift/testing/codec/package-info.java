/// What every decompressor and every digest implementation has to do, as tests to be inherited, and
/// the compressed streams they are tried with. Open {@link
/// io.sealift.testing.codec.DecompressorContract} first.
@NullMarked
package io.sealift.testing.codec;

import org.jspecify.annotations.NullMarked;
