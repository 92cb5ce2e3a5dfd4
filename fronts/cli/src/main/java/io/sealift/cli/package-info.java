/// The command line: arguments enter; results go to standard output, progress and diagnostics to
/// standard error, and an exit status leaves. {@link io.sealift.cli.Assembly} names the rooms that
/// it works with, {@link io.sealift.cli.Commands} its commands. Open {@link io.sealift.cli.Program}
/// first.
@NullMarked
package io.sealift.cli;

import org.jspecify.annotations.NullMarked;
