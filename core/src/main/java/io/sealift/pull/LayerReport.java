package io.sealift.pull;

import io.sealift.oci.Descriptor;
import io.sealift.store.StoredLayer;
import java.time.Duration;

/// How one layer came into the store.
///
/// @param cached whether the store had it before
/// @param decompressor what took the compression away; `none` for a plain or cached layer
/// @param time from opening the source to the commit; zero when cached
public record LayerReport(
    Descriptor descriptor,
    StoredLayer stored,
    boolean cached,
    String decompressor,
    Duration time) {}
