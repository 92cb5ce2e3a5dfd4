/// Finding: an image name enters, a {@link io.sealift.source.Resolved} leaves, whose manifest and
/// config bytes have the digests it says, for the platform asked for. Also the seam through which
/// all bytes of an image come. Open {@link io.sealift.source.ImageSource} first.
@NullMarked
package io.sealift.source;

import org.jspecify.annotations.NullMarked;
