/// The messages of the Container Runtime Interface (`runtime.v1`) as far as an image service has to
/// do with them: requests are read, answers are written, bytes are what enters and leaves. A test
/// holds them against `cri.proto`. What is not known is passed over, so that newer clients are
/// understood. Open {@link io.sealift.cri.message.PullImageRequest} first.
@NullMarked
package io.sealift.cri.message;

import org.jspecify.annotations.NullMarked;
