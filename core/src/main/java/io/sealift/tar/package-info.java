/// The tar format: bytes enter, members leave, whatever dialect they are written in. Nothing here
/// knows what a layer is; names are bytes and are not judged. Everything is bounded by {@link
/// io.sealift.tar.TarLimits}. Open {@link io.sealift.tar.TarReader} first.
@NullMarked
package io.sealift.tar;

import org.jspecify.annotations.NullMarked;
