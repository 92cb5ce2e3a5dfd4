/// Signs images, as cosign does it.
@NullMarked
package io.sealift.testing.sign;

import org.jspecify.annotations.NullMarked;
