package io.sealift.registry;

import io.sealift.failure.ImageException;
import io.sealift.registry.CredentialSource.Answer;
import java.io.InterruptedIOException;
import org.jspecify.annotations.Nullable;

/// Who asks for one repository: looked up when its registry first wants to know, and kept until
/// {@link #close}, which forgets the secret. Used by one thread at a time but for {@link #known}.
final class Login implements AutoCloseable {

  private static final String OPTION = "--creds";

  private final CredentialSource source;
  private final String registry;
  private final String repository;
  private volatile @Nullable Answer answer;

  Login(CredentialSource source, String registry, String repository) {
    this.source = source;
    this.registry = registry;
    this.repository = repository;
  }

  /// These credentials, which stay the caller's.
  static CredentialSource of(Credentials given) {
    return (_, _) -> new Answer.Known(given.copy(), OPTION);
  }

  Answer ask() throws ImageException, InterruptedIOException {
    Answer known = answer;
    if (known == null) {
      known = source.credentialsFor(registry, repository);
      answer = known;
    }
    return known;
  }

  /// The credentials; null when there are none.
  @Nullable Credentials credentials() throws ImageException, InterruptedIOException {
    return ask() instanceof Answer.Known(Credentials credentials, _) ? credentials : null;
  }

  /// The credentials; null when there are none, or nobody asked for them so far.
  @Nullable Credentials known() {
    return answer instanceof Answer.Known(Credentials credentials, _) ? credentials : null;
  }

  /// What the user can do about a refusal.
  String remedy() {
    return switch (answer) {
      case Answer.Unknown(String remedy) -> "check the name, or " + remedy;
      case Answer.Known(_, String from) when !from.equals(OPTION) ->
          "check the name, and the credentials in " + from;
      case null, default -> "check the name, or pass other credentials with --creds USER:PASSWORD";
    };
  }

  @Override
  public void close() {
    Credentials known = known();
    if (known != null) {
      known.close();
    }
  }
}
