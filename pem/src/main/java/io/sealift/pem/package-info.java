/// Private keys and certificates as files have them: PEM and DER, in the clear and with passwords.
@NullMarked
package io.sealift.pem;

import org.jspecify.annotations.NullMarked;
