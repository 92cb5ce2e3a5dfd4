package io.sealift.service;

/// Who started this daemon and wants to know how it goes (sd_notify(3)).
public interface ServiceManager {

  /// Nobody.
  ServiceManager NONE = _ -> {};

  /// Tells a state, such as `READY=1`. What cannot be told is no reason to fail: the manager's own
  /// bounds of time decide then.
  void tell(String state);
}
