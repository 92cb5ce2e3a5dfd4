/// The bench room.
@NullMarked
package io.sealift.bench;

import org.jspecify.annotations.NullMarked;
