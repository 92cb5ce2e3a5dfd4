package io.sealift.policy;

import io.sealift.failure.ImageException;
import io.sealift.secret.SecretSource;
import io.sealift.source.ImageSource;
import io.sealift.source.Resolved;
import java.io.InterruptedIOException;
import java.util.function.Predicate;

/// One way of signing images: finds the signatures of an image, and proves who made each.
/// Thread-safe.
///
/// @param <R> the type of requirement it examines
public interface SignatureScheme<R extends Requirement.Signed> {

  /// Finds signatures of the image's manifest, and of the index that named it, and examines them in
  /// the order they are found, until there are no more, a bound of the scheme is reached, or
  /// `enough` says true. A signature that is broken, foreign or too large is {@link
  /// Signature.Worthless}, never an exception: it must not keep others from being seen.
  ///
  /// @param source where the image came from, and what lies beside it
  /// @param secrets where the requirement's keys are
  /// @param enough is told of every signature once
  /// @throws ImageException when the keys cannot be read, or the places where signatures are kept
  ///   cannot be asked; the image is then refused
  void examine(
      R requirement,
      Resolved image,
      ImageSource source,
      SecretSource secrets,
      Predicate<Signature> enough)
      throws ImageException, InterruptedIOException;
}
