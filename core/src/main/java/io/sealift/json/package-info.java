/// JSON as values: strict, bounded reading of hostile bytes, and compact writing. Duplicate keys,
/// depth, length and trailing bytes are refused with the place where they stand. Open {@link
/// io.sealift.json.JsonReader} first.
@NullMarked
package io.sealift.json;

import org.jspecify.annotations.NullMarked;
