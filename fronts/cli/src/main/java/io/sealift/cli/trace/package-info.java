/// The time line of one pull, for `--trace`: what happened when is taken down while it happens, and
/// written as one HTML page that needs nothing else. Everything on the page is text of somebody
/// else and escaped. Open {@link io.sealift.cli.trace.Tracing} first.
@NullMarked
package io.sealift.cli.trace;

import org.jspecify.annotations.NullMarked;
