package io.sealift.source;

import io.sealift.failure.ImageException;
import io.sealift.oci.Reference;
import java.util.List;

/// Says where the image of a reference may be had. Thread-safe.
public interface Places {

  /// Where the reference itself says.
  Places AS_NAMED = reference -> List.of(Place.Repository.of(reference));

  /// The places to try, in order; at least one.
  ///
  /// @throws io.sealift.failure.BadReferenceException when the settings are malformed
  /// @throws io.sealift.failure.PolicyRefusedException when the settings forbid this reference
  List<Place> of(Reference reference) throws ImageException;
}
