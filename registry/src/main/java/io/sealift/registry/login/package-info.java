/// Credentials as `podman login`, `docker login` and their like keep them: a registry's name
/// enters, credentials leave. Files are read when a registry wants to know, and each time; secrets
/// are in memory no longer than the one who asked keeps them. Open {@link
/// io.sealift.registry.login.AuthFiles} first.
@NullMarked
package io.sealift.registry.login;

import org.jspecify.annotations.NullMarked;
