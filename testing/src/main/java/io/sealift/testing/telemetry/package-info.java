/// A collector of traces, in this process.
@NullMarked
package io.sealift.testing.telemetry;

import org.jspecify.annotations.NullMarked;
