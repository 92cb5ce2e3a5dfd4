package io.sealift.store;

/// An image that was removed: it is in the store no longer under any name.
///
/// @param image as it was
/// @param collected what was removed of the files that nothing else needs; nothing unless that was
///   asked for
public record Removal(ImageRecord image, Collected collected) {}
