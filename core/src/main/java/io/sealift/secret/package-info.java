/// Where keys, policies and other small resources come from: {@link io.sealift.secret.SecretSource}
/// reads one by its URI.
@NullMarked
package io.sealift.secret;

import org.jspecify.annotations.NullMarked;
