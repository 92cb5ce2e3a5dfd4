package io.sealift.source;

import io.sealift.failure.AuthenticationException;
import io.sealift.failure.BadReferenceException;
import io.sealift.failure.ImageException;
import io.sealift.failure.IntegrityException;
import io.sealift.failure.NotFoundException;
import io.sealift.failure.PolicyRefusedException;
import io.sealift.failure.StoreException;
import io.sealift.failure.TransferException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.failure.UnsupportedImageException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// The places that were tried in vain, and the one failure that it all amounts to. It is of the
/// kind that tells most: bytes that are not what they should be, then content that is dangerous,
/// then a place that wants credentials, then whatever the last place said, which is the one that
/// the name itself means.
final class Tried {

  private final String operation;
  private final List<ImageException> failures = new ArrayList<>();
  private final Set<Place> places = new HashSet<>();

  /// @param operation with its subject: `find registry.example/app:v1`
  Tried(String operation) {
    this.operation = operation;
  }

  void failed(Place place, ImageException failure) {
    System.getLogger(PlacesSource.class.getName())
        .log(
            System.Logger.Level.DEBUG,
            () -> "place=%s failed: %s".formatted(place.where(), failure.getMessage()));
    failures.add(failure);
    places.add(place);
  }

  /// A failure that does not say itself where what it is about came from.
  ///
  /// @param places as people know them: `https://mirror.example/v2/app`
  static ImageException from(List<String> places, ImageException failure) {
    return like(
        failure, "from %s: %s".formatted(String.join(" and ", places), failure.getMessage()));
  }

  ImageException failure() {
    if (failures.isEmpty()) {
      return new NotFoundException(operation + ": no place may be asked for that");
    }
    ImageException telling = telling();
    if (failures.size() == 1) {
      return telling;
    }
    StringBuilder message = new StringBuilder(operation);
    message.append(": none of ").append(places.size()).append(" places gave it");
    int number = 1;
    for (ImageException failure : failures) {
      message.append("; ").append(number++).append(") ").append(failure.getMessage());
    }
    ImageException all = like(telling, message.toString());
    failures.stream().filter(other -> other != telling).forEach(all::addSuppressed);
    return all;
  }

  private ImageException telling() {
    List<Predicate<ImageException>> ranks =
        List.of(
            IntegrityException.class::isInstance,
            UnsafeContentException.class::isInstance,
            AuthenticationException.class::isInstance);
    for (Predicate<ImageException> rank : ranks) {
      for (ImageException failure : failures) {
        if (rank.test(failure)) {
          return failure;
        }
      }
    }
    return failures.getLast();
  }

  private static ImageException like(ImageException failure, String message) {
    return switch (failure) {
      case AuthenticationException _ -> new AuthenticationException(message, failure);
      case BadReferenceException _ -> new BadReferenceException(message, failure);
      case IntegrityException _ -> new IntegrityException(message, failure);
      case NotFoundException _ -> new NotFoundException(message, failure);
      case PolicyRefusedException _ -> new PolicyRefusedException(message, failure);
      case StoreException _ -> new StoreException(message, failure);
      case TransferException _ -> TransferException.lasting(message, failure);
      case UnsafeContentException _ -> new UnsafeContentException(message, failure);
      case UnsupportedImageException _ -> new UnsupportedImageException(message, failure);
    };
  }
}
