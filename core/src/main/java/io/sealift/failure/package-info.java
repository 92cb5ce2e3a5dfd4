/// What can go wrong on the way of an image: one sealed tree of checked exceptions. Each leaf knows
/// the exit status it means and whether trying again can help. Open {@link
/// io.sealift.failure.ImageException} first.
@NullMarked
package io.sealift.failure;

import org.jspecify.annotations.NullMarked;
