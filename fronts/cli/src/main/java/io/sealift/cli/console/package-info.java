/// What a command line has around it, and how it writes: streams, environment, tables, sizes, JSON.
/// Open {@link io.sealift.cli.console.Surroundings} first.
@NullMarked
package io.sealift.cli.console;

import org.jspecify.annotations.NullMarked;
