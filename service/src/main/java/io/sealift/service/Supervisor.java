package io.sealift.service;

import io.sealift.failure.ImageException;

/// Who started this daemon and wants to know how it goes (sd_notify(3)).
public interface Supervisor {

  /// Nobody.
  Supervisor NONE = _ -> {};

  /// Tells a state, such as `READY=1`.
  void tell(String state) throws ImageException;
}
