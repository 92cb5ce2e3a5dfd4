/// Where images are to be had: files of settings and a reference enter, the places to try leave, in
/// order. Nothing here speaks to a registry. Open {@link io.sealift.registries.RegistriesConf}
/// first.
@NullMarked
package io.sealift.registries;

import org.jspecify.annotations.NullMarked;
