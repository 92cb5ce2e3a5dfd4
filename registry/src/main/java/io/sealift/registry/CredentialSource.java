package io.sealift.registry;

import io.sealift.failure.ImageException;
import java.io.InterruptedIOException;

/// Knows who may ask registries for what. Asked only when a registry wants to know, and for the
/// registry and repository that are really spoken to, so that nothing goes to a mirror that is for
/// the registry behind it. Thread-safe.
public interface CredentialSource {

  /// Nobody.
  CredentialSource NONE = (_, _) -> new Answer.Unknown("pass --creds USER:PASSWORD");

  /// @param registry a reference's domain: a host with an optional port
  /// @param repository its path: `library/busybox`
  Answer credentialsFor(String registry, String repository)
      throws ImageException, InterruptedIOException;

  /// What is known about who may ask.
  sealed interface Answer {

    /// @param credentials the asker's, who closes them
    /// @param from where they come from, for people: `--creds`, a file
    record Known(Credentials credentials, String from) implements Answer {}

    /// There are none.
    ///
    /// @param remedy what the user can do about it, as the rest of a sentence
    record Unknown(String remedy) implements Answer {}
  }
}
