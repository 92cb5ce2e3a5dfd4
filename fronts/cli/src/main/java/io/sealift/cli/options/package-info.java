/// Options that several commands share, each group with what it means.
@NullMarked
package io.sealift.cli.options;

import org.jspecify.annotations.NullMarked;
