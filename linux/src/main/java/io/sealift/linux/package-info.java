/// The linux room.
@NullMarked
package io.sealift.linux;

import org.jspecify.annotations.NullMarked;
