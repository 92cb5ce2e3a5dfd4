package io.sealift.crypt;

import java.util.List;

/// Whom a layer was encrypted for, by its own words.
///
/// @param scheme see {@link WrappedKey#scheme}
/// @param wrappedKeys how many there are
/// @param names what the wrapped keys tell of their recipients; may be empty
public record Recipients(String scheme, int wrappedKeys, List<String> names) {

  public Recipients {
    names = List.copyOf(names);
  }
}
