/// What the image service does, whatever it is asked over: images of the store as Kubernetes knows
/// them, pulls that are shared, room that is measured and made. Requests of {@link
/// io.sealift.cri.message} enter, images and failures leave. Open {@link
/// io.sealift.cri.image.NodeImages} first.
@NullMarked
package io.sealift.cri.image;

import org.jspecify.annotations.NullMarked;
