package io.sealift.browse;

/// Where an image has the content of a regular file.
///
/// @param layer place of the layer in the manifest, base first, from 0
/// @param ordinal which of the layer's regular files it is, in the order of its tar, from 0
/// @param size in bytes
public record FileContent(int layer, long ordinal, long size) {}
