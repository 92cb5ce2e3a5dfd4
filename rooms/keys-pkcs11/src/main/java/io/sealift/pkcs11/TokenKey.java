package io.sealift.pkcs11;

import io.sealift.crypt.KeyException;
import io.sealift.linux.token.Mechanism;
import io.sealift.linux.token.Token;
import io.sealift.linux.token.TokenException;
import io.sealift.linux.token.TokenModule;
import io.sealift.linux.token.TokenSession;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A private key of a token: secret for its PIN, which {@link #close} clears. The token is logged
/// in to for each wrapped key anew. Thread-safe.
final class TokenKey implements AutoCloseable {

  private final TokenUri uri;
  private final ModuleRules rules;
  private final byte[] pin;

  /// Why the PIN is not tried any more; null as long as it may be right.
  private volatile @Nullable String refusal;

  /// @param pin becomes this object's own
  TokenKey(TokenUri uri, ModuleRules rules, byte[] pin) {
    this.uri = uri;
    this.rules = rules;
    this.pin = pin;
  }

  /// Opens the first of the ciphertexts that the key opens.
  byte[] open(WrappedForToken wrapped) throws KeyException, InterruptedIOException {
    try (TokenModule loaded = TokenModule.open(rules.find(uri));
        TokenSession session = loaded.open(token(loaded))) {
      login(session);
      long key = key(session);
      for (WrappedForToken.Recipient recipient : wrapped.recipients()) {
        byte[] opened = open(session, key, recipient);
        if (opened != null) {
          return opened;
        }
      }
      throw new KeyException(Oaep.WRONG);
    } catch (TokenException failed) {
      throw new KeyException("the token failed: " + failed.getMessage(), failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("wait for a token: interrupted");
    }
  }

  private Token token(TokenModule loaded) throws KeyException, TokenException {
    List<Token> tokens = new ArrayList<>();
    for (Token token : loaded.tokens()) {
      if (uri.matches(token)) {
        tokens.add(token);
      }
    }
    if (tokens.size() != 1) {
      throw new KeyException(
          tokens.isEmpty()
              ? "there is no such token"
              : "%d tokens are such; add serial= to its URI".formatted(tokens.size()));
    }
    return tokens.getFirst();
  }

  /// A PIN that was not taken is not tried again: tokens lock themselves after a few.
  private void login(TokenSession session) throws KeyException, TokenException {
    String reason = refusal;
    if (reason == null) {
      try {
        session.login(pin);
        return;
      } catch (TokenException refused) {
        if (!refused.isAboutPin()) {
          throw refused;
        }
        reason = "the token does not take the PIN (%s)".formatted(refused.getMessage());
        refusal = reason;
      }
    }
    throw new KeyException(reason);
  }

  private long key(TokenSession session) throws KeyException, TokenException {
    List<Long> keys = session.privateKeys(uri.label(), uri.id());
    if (keys.size() != 1) {
      throw new KeyException(
          keys.isEmpty()
              ? "the token has no such private RSA key"
              : "the token has several such private RSA keys; add id= to its URI");
    }
    return keys.getFirst();
  }

  /// What a ciphertext holds; null when the key does not open it.
  private static byte @Nullable [] open(
      TokenSession session, long key, WrappedForToken.Recipient recipient)
      throws KeyException, TokenException {
    Oaep padding = recipient.padding();
    if (session.begin(key, padding.mechanism())) {
      return decrypted(session, recipient);
    }
    if (!session.begin(key, Mechanism.RAW)) {
      throw new KeyException("the token decrypts neither with %s nor raw".formatted(padding));
    }
    byte[] number = decrypted(session, recipient);
    if (number == null) {
      return null;
    }
    // Some tokens leave out zeros in front.
    byte[] padded = new byte[recipient.ciphertext().length];
    System.arraycopy(number, 0, padded, padded.length - number.length, number.length);
    Arrays.fill(number, (byte) 0);
    try {
      return padding.unpad(padded);
    } catch (KeyException wrong) {
      return null;
    } finally {
      Arrays.fill(padded, (byte) 0);
    }
  }

  private static byte @Nullable [] decrypted(
      TokenSession session, WrappedForToken.Recipient recipient) throws TokenException {
    try {
      return session.decrypt(recipient.ciphertext());
    } catch (TokenException failed) {
      if (failed.meansNotOpened()) {
        return null;
      }
      throw failed;
    }
  }

  @Override
  public void close() {
    Arrays.fill(pin, (byte) 0);
  }

  /// Nothing of the PIN.
  @Override
  public String toString() {
    return uri.toString();
  }
}
