/// The nouns of OCI images as values: references, digests, descriptors, manifests, indexes,
/// configs, platforms. Text and bytes enter through `parse` methods, which are strict and bounded;
/// a value that exists is valid. Open {@link io.sealift.oci.Reference} and {@link
/// io.sealift.oci.Manifest} first.
@NullMarked
package io.sealift.oci;

import org.jspecify.annotations.NullMarked;
