/// Looking into an image without storing it: layers stream by, {@link
/// io.sealift.browse.ListingBuilder} keeps names and attributes and merges them to the {@link
/// io.sealift.browse.ImageListing} of what a container would see, and {@link
/// io.sealift.browse.FileExtractor} picks one file's content out of the layer that holds it. Open
/// {@link io.sealift.browse.ImageListing} first.
@NullMarked
package io.sealift.browse;

import org.jspecify.annotations.NullMarked;
