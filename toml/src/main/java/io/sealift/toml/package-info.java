/// Settings in TOML, read within bounds: {@link io.sealift.toml.Settings}.
@NullMarked
package io.sealift.toml;

import org.jspecify.annotations.NullMarked;
