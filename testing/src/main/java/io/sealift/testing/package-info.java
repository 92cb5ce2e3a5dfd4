/// The testing room.
@NullMarked
package io.sealift.testing;

import org.jspecify.annotations.NullMarked;
