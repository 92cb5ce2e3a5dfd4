package io.sealift.simple;

import io.sealift.failure.ImageException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.oci.Digest;
import io.sealift.oci.ImageName;
import io.sealift.oci.Reference;
import io.sealift.policy.Signature;
import io.sealift.policy.SignatureScheme.Observer;
import io.sealift.policy.SimplePayload;
import io.sealift.source.Documents;
import io.sealift.source.ImageSource;
import java.io.InterruptedIOException;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds the signatures of one image and examines each until the observer has enough:
///
/// | where they are looked for | when |
/// |---|---|
/// | what the registry keeps itself | it keeps any of this manifest |
/// | the signature store that the settings name for the image | otherwise, when the image is one of a registry |
///
/// The settings are asked by what the image is called where its manifest came from, which is
/// another name in a mirror (as containers/image does).
final class SignatureSearch {

  /// Signatures of one manifest (the bound of containers/image).
  static final int MAX_SIGNATURES = 128;

  /// The type of the claims that count here.
  private static final String TYPE = "atomic container signature";

  private final ImageName name;
  private final SimpleSigning.Settings settings;
  private final ImageSource source;
  private final Documents documents;
  private final Verifier verifier;
  private final Observer observer;

  /// The base URL of the signature store; null until it was needed.
  private @Nullable URI base;

  SignatureSearch(
      ImageName name,
      SimpleSigning.Settings settings,
      ImageSource source,
      Documents documents,
      Verifier verifier,
      Observer observer) {
    this.name = name;
    this.settings = settings;
    this.source = source;
    this.documents = documents;
    this.verifier = verifier;
    this.observer = observer;
  }

  /// Examines the signatures of a manifest or index.
  ///
  /// @return whether the observer has enough
  boolean of(Digest manifest) throws ImageException, InterruptedIOException {
    List<byte[]> kept = source.simpleSignatures(manifest, MAX_SIGNATURES, SignatureStore.MAX_BYTES);
    if (!kept.isEmpty()) {
      return examine(kept, "signatures of %s in %s".formatted(manifest, source.place()));
    }
    if (name instanceof ImageName.InRegistry(Reference reference)) {
      Reference there = source.reference().orElse(reference);
      base = base == null ? settings.read().base(there) : base;
      return examine(new SignatureStore(base, there.path(), manifest, documents));
    }
    return false;
  }

  private boolean examine(List<byte[]> kept, String place) {
    observer.looksAt(place);
    int number = 0;
    for (byte[] message : kept) {
      number++;
      if (observer.finds(examine(place + ", number " + number, message))) {
        return true;
      }
    }
    return false;
  }

  private boolean examine(SignatureStore store) throws ImageException, InterruptedIOException {
    observer.looksAt(store.place());
    for (int number = 1; number <= MAX_SIGNATURES; number++) {
      Signature found;
      try {
        byte[] blob = store.read(number);
        if (blob == null) {
          return false;
        }
        found = examine(store.place(number), SignatureBlob.message(blob));
      } catch (WorthlessException worthless) {
        found = worthless(store.place(number), worthless);
      }
      if (observer.finds(found)) {
        return true;
      }
    }
    return observer.finds(
        new Signature.Worthless(
            store.place(MAX_SIGNATURES + 1),
            "not looked for: no more than %d signatures of a manifest are examined"
                .formatted(MAX_SIGNATURES)));
  }

  private Signature examine(String place, byte[] message) {
    try {
      Verifier.Signed signed = verifier.verify(SignedMessage.parse(message));
      return new Signature.Proven(place, signed.signer(), claim(signed.content()));
    } catch (WorthlessException worthless) {
      return worthless(place, worthless);
    }
  }

  static Signature.Claim claim(byte[] signed) throws WorthlessException {
    try {
      return SimplePayload.parse(signed, TYPE);
    } catch (UnsafeContentException malformed) {
      throw new WorthlessException(
          "what it signs is no claim about an image: " + malformed.getMessage(), malformed);
    }
  }

  private static Signature worthless(String place, WorthlessException why) {
    return new Signature.Worthless(place, String.valueOf(why.getMessage()));
  }
}
