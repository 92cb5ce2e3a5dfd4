/// Digests: computing them over streams and comparing them. Bytes enter with what they are expected
/// to be, and nothing leaves as proved before size and digest were compared here; no other package
/// compares digests. Open {@link io.sealift.verify.ExpectedBytes} first.
@NullMarked
package io.sealift.verify;

import org.jspecify.annotations.NullMarked;
