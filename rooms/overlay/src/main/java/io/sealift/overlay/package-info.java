/// Stacking layers that are kept as trees of files: by overlay mounts, or by plain copies where
/// those are not to be had. Open {@link io.sealift.overlay.OverlaySnapshotter} first.
@NullMarked
package io.sealift.overlay;

import org.jspecify.annotations.NullMarked;
