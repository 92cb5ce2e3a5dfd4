/// What this machine offers a pull and what that means. Open {@link
/// io.sealift.cli.doctor.Examination} first.
@NullMarked
package io.sealift.cli.doctor;

import org.jspecify.annotations.NullMarked;
