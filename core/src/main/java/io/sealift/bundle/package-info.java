/// Bundling: an admitted image and its snapshot enter, a directory with `rootfs` and a complete
/// `config.json` leaves, which any OCI runtime starts. Open {@link io.sealift.bundle.BundleWriter}
/// first.
@NullMarked
package io.sealift.bundle;

import org.jspecify.annotations.NullMarked;
