package io.sealift.snapshot;

import io.sealift.unpack.TreeSummary;
import java.nio.file.Path;

/// One committed layer as a snapshotter wrote it: its directory, and what the files there do not
/// show.
public record LayerTree(Path directory, TreeSummary summary) {}
