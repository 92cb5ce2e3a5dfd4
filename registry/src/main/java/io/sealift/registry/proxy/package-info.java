/// Which forward proxy leads to a server, by the environment's rules: variables enter, for each
/// server a proxy or none leaves. Open {@link io.sealift.registry.proxy.Proxies} first.
@NullMarked
package io.sealift.registry.proxy;

import org.jspecify.annotations.NullMarked;
