/// Shared libraries of this machine that do the heavy arithmetic of a pull faster than the Java
/// platform: each is looked for once, checked, and used through a seam of `core`, or the reason why
/// not is kept for people to read. Open {@link io.sealift.linux.library.Loaded} first.
@NullMarked
package io.sealift.linux.library;

import org.jspecify.annotations.NullMarked;
