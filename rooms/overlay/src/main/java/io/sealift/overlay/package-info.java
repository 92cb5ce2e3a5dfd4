/// The overlay room.
@NullMarked
package io.sealift.overlay;

import org.jspecify.annotations.NullMarked;
