/// The zstd room.
@NullMarked
package io.sealift.zstd;

import org.jspecify.annotations.NullMarked;
