package io.sealift.policy;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Which kinds of image may enter, beside what the scopes require (`sealift.allow` of a policy
/// file). An image is *encrypted* when all of its layers are, *plain* when none is; one of which
/// only some are is of both kinds, and both have to be allowed. It is *signed* when its scope
/// demands a signature and every requirement of the scope holds. A kind that may be unsigned may
/// also be signed.
public record Allowance(Set<Kind> kinds) {

  /// What is allowed when nothing is said: what is signed.
  public static final Allowance DEFAULT =
      new Allowance(EnumSet.of(Kind.ENCRYPTED_SIGNED, Kind.PLAIN_SIGNED));

  public Allowance {
    kinds =
        Collections.unmodifiableSet(
            kinds.isEmpty() ? EnumSet.noneOf(Kind.class) : EnumSet.copyOf(kinds));
  }

  /// Whether images of this confidentiality may enter without a signature.
  boolean admitsUnsigned(Confidentiality image) {
    return image.parts().stream().allMatch(part -> kinds.contains(Kind.of(part, false)));
  }

  /// Whether images of this confidentiality may enter with a signature.
  boolean admitsSigned(Confidentiality image) {
    return image.parts().stream()
        .allMatch(
            part -> kinds.contains(Kind.of(part, true)) || kinds.contains(Kind.of(part, false)));
  }

  /// As in a policy file: `plain+signed, encrypted+signed`.
  @Override
  public String toString() {
    return kinds.stream().map(Kind::label).collect(Collectors.joining(", "));
  }

  /// The four kinds of image.
  public enum Kind {
    ENCRYPTED_SIGNED,
    ENCRYPTED_UNSIGNED,
    PLAIN_SIGNED,
    PLAIN_UNSIGNED;

    /// The name in a policy file: `plain+signed`.
    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '+');
    }

    /// Whether such images have to be signed.
    public boolean isSigned() {
      return this == ENCRYPTED_SIGNED || this == PLAIN_SIGNED;
    }

    public static Optional<Kind> of(String label) {
      return Arrays.stream(values()).filter(kind -> kind.label().equals(label)).findFirst();
    }

    /// Every name in a policy file.
    public static List<String> labels() {
      return Arrays.stream(values()).map(Kind::label).toList();
    }

    /// @param part plain or encrypted, not mixed
    private static Kind of(Confidentiality part, boolean signed) {
      return switch (part) {
        case PLAIN -> signed ? PLAIN_SIGNED : PLAIN_UNSIGNED;
        case ENCRYPTED -> signed ? ENCRYPTED_SIGNED : ENCRYPTED_UNSIGNED;
        case MIXED -> throw new IllegalArgumentException("of two kinds");
      };
    }
  }
}
