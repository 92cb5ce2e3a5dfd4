package io.sealift.pull;

import io.sealift.oci.Descriptor;
import io.sealift.store.StoredLayer;
import java.time.Duration;

/// How one layer came into the store.
///
/// @param cached whether the store had it before
/// @param decompressor what took the compression away; `none` for a plain or cached layer
/// @param began when work on it began, counted from the beginning of the pull
/// @param time from then until it was committed
/// @param stages what the time went into
public record LayerReport(
    Descriptor descriptor,
    StoredLayer stored,
    boolean cached,
    String decompressor,
    Duration began,
    Duration time,
    StageTimes stages) {}
