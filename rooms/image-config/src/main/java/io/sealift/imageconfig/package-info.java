/// What a guest's configuration says about images. Open {@link io.sealift.imageconfig.Setting}
/// first: it lists what can be set, and under which names.
@NullMarked
package io.sealift.imageconfig;

import org.jspecify.annotations.NullMarked;
