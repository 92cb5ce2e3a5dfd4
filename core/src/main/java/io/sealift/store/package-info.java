/// The store on disk: committed layers, manifests and configs, image records, locks between
/// processes, collection and checking. A layer enters through a staging directory and becomes
/// visible by one rename after everything about it was proved. Open {@link io.sealift.store.Store}
/// first.
@NullMarked
package io.sealift.store;

import org.jspecify.annotations.NullMarked;
