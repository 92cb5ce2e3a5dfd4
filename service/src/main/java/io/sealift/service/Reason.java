package io.sealift.service;

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
import java.util.Locale;

/// Why a pull failed, in as few words as metrics and logs are counted by.
public enum Reason {
  TRANSFER,
  STORE,
  UNSUPPORTED,
  BAD_REFERENCE,
  POLICY,
  NOT_FOUND,
  AUTHENTICATION,
  INTEGRITY,
  UNSAFE_CONTENT,
  /// The client went away, its time was over, or the daemon ended.
  CANCELLED,
  /// A fault of this program.
  INTERNAL;

  public static Reason of(ImageException failure) {
    return switch (failure) {
      case TransferException _ -> TRANSFER;
      case StoreException _ -> STORE;
      case UnsupportedImageException _ -> UNSUPPORTED;
      case BadReferenceException _ -> BAD_REFERENCE;
      case PolicyRefusedException _ -> POLICY;
      case NotFoundException _ -> NOT_FOUND;
      case AuthenticationException _ -> AUTHENTICATION;
      case IntegrityException _ -> INTEGRITY;
      case UnsafeContentException _ -> UNSAFE_CONTENT;
    };
  }

  /// The word, as it stands in metrics and logs.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
