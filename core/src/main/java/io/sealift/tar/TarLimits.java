package io.sealift.tar;

/// Bounds on what a {@link TarReader} takes.
///
/// @param maxHeaders headers of members and extensions together
/// @param maxExtensionBytes bytes of one PAX header, GNU long name or sparse map
/// @param maxSparseRegions regions in the map of one sparse file
public record TarLimits(long maxHeaders, int maxExtensionBytes, int maxSparseRegions) {}
