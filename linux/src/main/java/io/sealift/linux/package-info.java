/// The kernel and native libraries, reached through `java.lang.foreign`. Files are made, read and
/// removed relative to open descriptors, so that no symlink and no rename leads out of a tree. Open
/// {@link io.sealift.linux.DirectorySink} for writing a layer, {@link io.sealift.linux.Syscall} for
/// how calls are bound.
@NullMarked
package io.sealift.linux;

import org.jspecify.annotations.NullMarked;
