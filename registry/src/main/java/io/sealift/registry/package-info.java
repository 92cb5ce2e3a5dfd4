/// Registries over HTTP/1.1 (OCI distribution specification): manifests and blobs, challenges and
/// tokens, redirects, tries. The only module with sockets. Open {@link
/// io.sealift.registry.RegistryClient} first.
@NullMarked
package io.sealift.registry;

import org.jspecify.annotations.NullMarked;
