/// The daemon that the Kata agent asks for images, in the place of a Confidential Data Hub or in
/// front of one. In come calls on one Unix socket and signals; out go bundles, and events for the
/// Attestation Agent. Open {@link io.sealift.kata.Daemon} first, then {@link
/// io.sealift.kata.PullService}; {@link io.sealift.kata.Assembly} names all code that is trusted
/// with an image.
@NullMarked
package io.sealift.kata;

import org.jspecify.annotations.NullMarked;
