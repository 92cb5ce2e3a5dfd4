package io.sealift.cri.image;

import io.sealift.failure.BadReferenceException;
import io.sealift.failure.ImageException;
import io.sealift.oci.Reference;
import java.io.InterruptedIOException;
import java.util.Collection;

/// Says what names without a registry may mean.
@FunctionalInterface
public interface ShortNames {

  /// @return at least one, in the order to try
  /// @throws BadReferenceException when it is no name, or may mean nothing
  Collection<Reference> meanings(String name) throws ImageException, InterruptedIOException;
}
