/// Kubernetes' image service (CRI `runtime.v1`) over gRPC on a Unix socket, as kubelet and crictl
/// ask for it: {@link io.sealift.cri.Main} starts it, {@link io.sealift.cri.Assembly} names what it
/// is made of, {@link io.sealift.cri.ImageService} answers.
@NullMarked
package io.sealift.cri;

import org.jspecify.annotations.NullMarked;
