/// Traces of pulls for OpenTelemetry: in comes what a pull tells its listener, out go spans, to the
/// collector that the environment names or through whatever {@code OpenTelemetry} a program has.
/// Open {@link io.sealift.telemetry.PullTraces} first.
@NullMarked
package io.sealift.telemetry;

import org.jspecify.annotations.NullMarked;
