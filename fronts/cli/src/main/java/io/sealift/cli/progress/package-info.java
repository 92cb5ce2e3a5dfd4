/// How a pull is shown while it runs: bars on a terminal, plain lines, lines of JSON. Everything
/// goes to standard error. Open {@link io.sealift.cli.progress.Progress} first.
@NullMarked
package io.sealift.cli.progress;

import org.jspecify.annotations.NullMarked;
