/// Certificates as the containers tools and Docker keep them, a directory for each registry
/// (containers-certs.d(5)): a registry's name enters, authorities and certificates of our own
/// leave. Open {@link io.sealift.registry.certs.CertificateDirectories} first.
@NullMarked
package io.sealift.registry.certs;

import org.jspecify.annotations.NullMarked;
