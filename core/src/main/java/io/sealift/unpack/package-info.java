/// Unpacking: a layer's plain tar enters, and a {@link io.sealift.unpack.TreeSink} is told entry by
/// entry what the layer holds. All rules about names, types and bounds are kept here; where the
/// entries go is the sink's affair, so nothing in this package touches files. Open {@link
/// io.sealift.unpack.Unpacker} first.
@NullMarked
package io.sealift.unpack;

import org.jspecify.annotations.NullMarked;
