package io.sealift.policy;

import io.sealift.failure.ImageException;
import io.sealift.oci.Digest;
import io.sealift.secret.SecretSource;
import io.sealift.source.ImageSource;
import io.sealift.source.Resolved;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A way of signing whose signatures are in memory, whoever the image.
public final class MemoryScheme<R extends Requirement.Signed> implements SignatureScheme<R> {

  private final List<Signature> signatures = new ArrayList<>();
  private @Nullable ImageException failure;
  private int examined;

  /// A signature by a trusted key.
  ///
  /// @param reference null when it names no image
  public MemoryScheme<R> proven(Digest digest, @Nullable String reference) {
    return with(new Signature.Proven(place(), "Ada", new Signature.Claim(digest, reference)));
  }

  public MemoryScheme<R> worthless(String reason) {
    return with(new Signature.Worthless(place(), reason));
  }

  private MemoryScheme<R> with(Signature signature) {
    signatures.add(signature);
    return this;
  }

  private String place() {
    return "signature-" + (signatures.size() + 1);
  }

  /// Whoever asks for signatures gets those that are there, and then this.
  public MemoryScheme<R> failing(ImageException value) {
    failure = value;
    return this;
  }

  /// How many signatures were looked at.
  public int examined() {
    return examined;
  }

  @Override
  public void examine(
      R requirement, Resolved image, ImageSource source, SecretSource secrets, Observer observer)
      throws ImageException {
    observer.looksAt("memory");
    for (Signature signature : signatures) {
      examined++;
      if (observer.finds(signature)) {
        return;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public List<String> anchors(R requirement, SecretSource secrets) throws ImageException {
    if (failure != null) {
      throw failure;
    }
    return List.of("Ada");
  }
}
