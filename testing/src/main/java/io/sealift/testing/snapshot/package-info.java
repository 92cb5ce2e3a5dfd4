/// Snapshotters: the contract that each of them keeps, and one in plain Java for tests of what
/// stands on them. Open {@link io.sealift.testing.snapshot.SnapshotterContract} first.
@NullMarked
package io.sealift.testing.snapshot;

import org.jspecify.annotations.NullMarked;
