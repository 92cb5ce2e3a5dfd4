/// What HTTP/2 sends: frames (RFC 9113) and compressed headers (RFC 7541), as bytes and nothing
/// else. Everything read here comes from a server that may be hostile.
@NullMarked
package io.sealift.registry.http2;

import org.jspecify.annotations.NullMarked;
