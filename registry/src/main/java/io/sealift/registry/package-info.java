/// The registry room.
@NullMarked
package io.sealift.registry;

import org.jspecify.annotations.NullMarked;
