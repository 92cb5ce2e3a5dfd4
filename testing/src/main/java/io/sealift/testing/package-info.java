/// What tests and the demonstration need: tars and images made by hand, sound or hostile; layouts
/// written from them; and a registry in this process that serves them, honestly or not. Open {@link
/// io.sealift.testing.ImageBuilder} and {@link io.sealift.testing.InProcessRegistry} first.
@NullMarked
package io.sealift.testing;

import org.jspecify.annotations.NullMarked;
