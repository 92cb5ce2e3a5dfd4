/// Benchmarks of the stages that decide how long a pull takes, run by hand. Open {@link
/// io.sealift.bench.InflateBenchmark} first.
@NullMarked
package io.sealift.bench;

import org.jspecify.annotations.NullMarked;
