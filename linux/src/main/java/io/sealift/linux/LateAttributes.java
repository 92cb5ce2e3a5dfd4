package io.sealift.linux;

import io.sealift.unpack.Attributes.Xattr;
import org.jspecify.annotations.Nullable;

/// What a directory gets only when everything in it is there.
///
/// @param mode its mode, where it would keep its owner out; {@link #NO_MODE} where not
/// @param inherited the access control list that new entries would take
record LateAttributes(int mode, @Nullable Xattr inherited) {

  static final int NO_MODE = -1;

  static final LateAttributes NONE = new LateAttributes(NO_MODE, null);

  boolean isNone() {
    return mode == NO_MODE && inherited == null;
  }

  LateAttributes with(int mode) {
    return new LateAttributes(mode, inherited);
  }

  LateAttributes with(Xattr inherited) {
    return new LateAttributes(mode, inherited);
  }
}
