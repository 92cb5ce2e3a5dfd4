package io.sealift.policy;

import io.sealift.oci.Reference;

/// Which image a signature has to name (`signedIdentity`, containers-policy.json(5)).
public sealed interface SignedIdentity {

  /// The name that stands under `type`.
  String type();

  /// What a signature has to name, for people.
  String inWords();

  /// The reference that was asked for, with its tag or digest.
  record MatchExact() implements SignedIdentity {
    @Override
    public String type() {
      return "matchExact";
    }

    @Override
    public String inWords() {
      return "exactly what is asked for";
    }
  }

  /// The same, or only the same repository when the image was asked for by digest.
  record MatchRepoDigestOrExact() implements SignedIdentity {
    @Override
    public String type() {
      return "matchRepoDigestOrExact";
    }

    @Override
    public String inWords() {
      return "exactly what is asked for, or its repository when that is by digest";
    }
  }

  /// The same repository.
  record MatchRepository() implements SignedIdentity {
    @Override
    public String type() {
      return "matchRepository";
    }

    @Override
    public String inWords() {
      return "the repository that is asked for";
    }
  }

  /// This reference, with tag or digest, whatever was asked for.
  record ExactReference(Reference reference) implements SignedIdentity {
    @Override
    public String type() {
      return "exactReference";
    }

    @Override
    public String inWords() {
      return reference.toString();
    }
  }

  /// This repository, whatever was asked for.
  ///
  /// @param repository normalised, without tag and digest: `docker.io/library/busybox`
  record ExactRepository(String repository) implements SignedIdentity {
    @Override
    public String type() {
      return "exactRepository";
    }

    @Override
    public String inWords() {
      return "the repository " + repository;
    }
  }

  /// What was asked for with its leading `prefix` replaced.
  record RemapIdentity(String prefix, String signedPrefix) implements SignedIdentity {
    @Override
    public String type() {
      return "remapIdentity";
    }

    @Override
    public String inWords() {
      return "what is asked for with %s in the place of a leading %s"
          .formatted(signedPrefix, prefix);
    }
  }
}
