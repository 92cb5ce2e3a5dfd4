/// Stacking: committed layers enter in the order of the manifest, a {@link
/// io.sealift.snapshot.Snapshot} leaves, a root file system ready to run. How layers lie in the
/// store and how they are stacked belong together and are one seam. Open {@link
/// io.sealift.snapshot.Snapshotter} first.
@NullMarked
package io.sealift.snapshot;

import org.jspecify.annotations.NullMarked;
