/// The services of a confidential guest, shaped like the real ones and made for tests: nothing here
/// is confidential.
@NullMarked
package io.sealift.testing.guest;

import org.jspecify.annotations.NullMarked;
