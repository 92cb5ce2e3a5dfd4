package io.sealift.cli;

import io.sealift.bundle.BundleOptions.Profile;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// The names of profiles on the command line: `image-rs`, `containerd`.
final class Profiles implements ITypeConverter<Profile>, Iterable<String> {

  @Override
  public Profile convert(String text) {
    for (Profile profile : Profile.values()) {
      if (name(profile).equals(text)) {
        return profile;
      }
    }
    throw new TypeConversionException(
        "expected one of %s but was '%s'".formatted(String.join(", ", this), text));
  }

  @Override
  public Iterator<String> iterator() {
    return Arrays.stream(Profile.values()).map(Profiles::name).iterator();
  }

  private static String name(Profile profile) {
    return profile.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
