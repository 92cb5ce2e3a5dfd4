/// Zstandard layers (RFC 8878). Compressed bytes enter, plain bytes leave; frames are decoded by
/// the machine's libzstd or, where it is missing, by the one that zstd-jni brings along, and
/// everything around them is read here with the same strictness. Open {@link
/// io.sealift.zstd.ZstdDecompressor} first.
@NullMarked
package io.sealift.zstd;

import org.jspecify.annotations.NullMarked;
