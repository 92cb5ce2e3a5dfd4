package io.sealift.policy;

import io.sealift.failure.ImageException;
import io.sealift.secret.SecretSource;
import io.sealift.source.ImageSource;
import io.sealift.source.Resolved;
import java.io.InterruptedIOException;
import java.util.List;

/// One way of signing images: finds the signatures of an image, and proves who made each.
/// Thread-safe.
///
/// @param <R> the type of requirement it examines
public interface SignatureScheme<R extends Requirement.Signed> {

  /// Finds signatures of the image's manifest, and of the index that named it, and examines them in
  /// the order they are found, until there are no more, a bound of the scheme is reached, or the
  /// observer has enough. A signature that is broken, foreign or too large is {@link
  /// Signature.Worthless}, never an exception: it must not keep others from being seen.
  ///
  /// @param source where the image came from, and what lies beside it
  /// @param secrets where the requirement's keys are
  /// @param observer is told of every place and every signature once
  /// @throws ImageException when the keys cannot be read, or the places where signatures are kept
  ///   cannot be asked; the image is then refused
  void examine(
      R requirement, Resolved image, ImageSource source, SecretSource secrets, Observer observer)
      throws ImageException, InterruptedIOException;

  /// Reads and parses everything that a requirement trusts, without any image: what is wrong with a
  /// key is known before one comes.
  ///
  /// @return a line for people for each key or authority: `A1B2… Ada <ada@example.org>, expires
  ///   2030-01-01 (/etc/keys/ring.gpg)`; at least one
  /// @throws ImageException when something cannot be read, or is not what it has to be
  List<String> anchors(R requirement, SecretSource secrets)
      throws ImageException, InterruptedIOException;

  /// Hears what an examination comes across, while it does.
  interface Observer {

    /// Signatures are looked for at this place; those that it holds follow, which may be none.
    ///
    /// @param place for people: a URL, a tag, a directory
    void looksAt(String place);

    /// A signature was found and examined.
    ///
    /// @return whether that is enough, so that no other need be examined
    boolean finds(Signature signature);
  }
}
