/// The way as a whole: {@link io.sealift.pull.ImageClient} takes a request and gives a bundle, step
/// by step.
@NullMarked
package io.sealift.pull;

import org.jspecify.annotations.NullMarked;
