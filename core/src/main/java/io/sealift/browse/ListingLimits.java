package io.sealift.browse;

/// Bounds on what is kept of an image that is only looked at; a refusal names the bound and its
/// value.
///
/// @param maxEntries entries of all layers together, implied directories included; each takes about
///   250 bytes of memory
/// @param maxTextBytes bytes of names, link texts and names of extended attributes together
public record ListingLimits(long maxEntries, long maxTextBytes) {

  /// One million entries, several times what large images have, and 128 MiB of text.
  public static final ListingLimits DEFAULT = new ListingLimits(1_000_000, 128L << 20);
}
