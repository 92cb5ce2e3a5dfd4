package io.sealift.cri;

import io.grpc.Status;
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
import io.sealift.service.Calls;
import io.sealift.wire.ProtoException;
import java.io.InterruptedIOException;

/// What clients are told of failures.
///
/// | failure | code | kubelet's reason |
/// |---|---|---|
/// | a request or reference that is malformed | INVALID_ARGUMENT | ErrImagePull |
/// | the registry has no such image | NOT_FOUND | ErrImagePull |
/// | the registry does not know who asks | UNAUTHENTICATED | ErrImagePull |
/// | the registry knows who asks, and does not let them | PERMISSION_DENIED | ErrImagePull |
/// | the registry did not deliver | UNKNOWN | RegistryUnavailable |
/// | the policy refuses | UNKNOWN | SignatureValidationFailed |
/// | bytes that are not what they should be | DATA_LOSS | ErrImagePull |
/// | content that is dangerous, or for another platform | FAILED_PRECONDITION | ErrImagePull |
/// | the store does not do what it should | INTERNAL | ErrImagePull |
/// | the client went away, or its time was over | CANCELLED, DEADLINE_EXCEEDED | |
/// | the daemon ends | UNAVAILABLE | ErrImagePull |
///
/// Kubelet looks for its reasons at the beginning of a message, and clients put the code before the
/// message unless that is UNKNOWN (`cri-api`, `pkg/errors`; `cri-client`).
final class Failures {

  private static final String REGISTRY_UNAVAILABLE = "RegistryUnavailable: ";
  private static final String SIGNATURE_VALIDATION_FAILED = "SignatureValidationFailed: ";

  private Failures() {}

  static Status of(Exception failure) {
    return switch (failure) {
      case ImageException image -> of(image);
      case ProtoException malformed -> Status.INVALID_ARGUMENT.withDescription(text(malformed));
      case Calls.EndingException ending -> Status.UNAVAILABLE.withDescription(text(ending));
      case InterruptedIOException _, InterruptedException _ -> Status.CANCELLED;
      default ->
          Status.INTERNAL.withDescription("a fault of this program; its log tells what and where");
    };
  }

  private static Status of(ImageException failure) {
    String text = text(failure);
    return switch (failure) {
      case BadReferenceException _ -> Status.INVALID_ARGUMENT.withDescription(text);
      case NotFoundException _ -> Status.NOT_FOUND.withDescription(text);
      case AuthenticationException who ->
          (who.isDenied() ? Status.PERMISSION_DENIED : Status.UNAUTHENTICATED)
              .withDescription(text);
      case TransferException _ -> Status.UNKNOWN.withDescription(REGISTRY_UNAVAILABLE + text);
      case PolicyRefusedException _ ->
          Status.UNKNOWN.withDescription(SIGNATURE_VALIDATION_FAILED + text);
      case IntegrityException _ -> Status.DATA_LOSS.withDescription(text);
      case UnsafeContentException _, UnsupportedImageException _ ->
          Status.FAILED_PRECONDITION.withDescription(text);
      case StoreException _ -> Status.INTERNAL.withDescription(text);
    };
  }

  private static String text(Exception failure) {
    return String.valueOf(failure.getMessage());
  }
}
