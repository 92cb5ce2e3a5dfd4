/// ttrpc, the small sibling of gRPC that the parts of a guest speak over Unix sockets (containerd
/// ttrpc, `PROTOCOL.md`): unary calls, many at once on one connection. In comes what any process
/// that can open the socket sends; every bound is named. Open {@link io.sealift.wire.TtrpcClient}
/// or {@link io.sealift.wire.TtrpcServer} first.
@NullMarked
package io.sealift.wire;

import org.jspecify.annotations.NullMarked;
