package io.sealift.pkcs11;

import io.sealift.crypt.KeyException;
import io.sealift.linux.token.ProcessVariables;

/// Gives modules the variables of the environment that key files want for them (`module.env`): a
/// seam, because a process has only one environment.
@FunctionalInterface
public interface ModuleVariables {

  /// Sees to it that native code finds this value.
  ///
  /// @throws KeyException when it does not, and the reason
  void provide(String name, String value) throws KeyException;

  /// Sets them in this process: for programs that read their keys before they start threads, such
  /// as the command line ({@link ProcessVariables#set}). What was there before is gone.
  static ModuleVariables set() {
    return ProcessVariables::set;
  }

  /// Sets nothing and wants the process to have been started with them: for everything else.
  static ModuleVariables required() {
    return (name, value) -> {
      if (!value.equals(System.getenv(name))) {
        throw new KeyException(
            "it wants the variable %s, which this process was not started with as it says"
                .formatted(name));
      }
    };
  }
}
