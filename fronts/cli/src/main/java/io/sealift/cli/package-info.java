/// The cli room.
@NullMarked
package io.sealift.cli;

import org.jspecify.annotations.NullMarked;
