package io.sealift.cli;

import io.sealift.cli.console.Surroundings;
import io.sealift.cli.options.SourceOptions;
import io.sealift.failure.ImageException;
import io.sealift.failure.NotFoundException;
import io.sealift.oci.ImageName;
import io.sealift.oci.Reference;
import io.sealift.pull.ImageClient;
import java.io.InterruptedIOException;
import java.util.Iterator;
import java.util.Map;

/// Names of images as users write them. `docker://NAME` is always a full name, of Docker Hub when
/// it names no registry; a bare name without a registry is a short one, about which the settings of
/// registries have a say.
final class ImageNames {

  private final Surroundings surroundings;
  private final SourceOptions source;

  ImageNames(Surroundings surroundings, SourceOptions source) {
    this.surroundings = surroundings;
    this.source = source;
  }

  /// The image that is meant. Of several that a short name may mean it is the first that some
  /// registry has; nothing but that decides, so that no other takes the place of one that a policy
  /// refuses.
  ImageName parse(String text) throws ImageException, InterruptedIOException {
    ImageName name = ImageName.parse(text);
    if (!isShort(text, name)) {
      return name;
    }
    Map<Reference, String> meanings = meanings(text);
    Iterator<Reference> candidates = meanings.keySet().iterator();
    if (meanings.size() == 1) {
      return new ImageName.InRegistry(candidates.next());
    }
    ImageClient client = new Assembly(surroundings).client(source);
    while (true) {
      ImageName candidate = new ImageName.InRegistry(candidates.next());
      try {
        client.resolve(candidate, source.platform());
        return candidate;
      } catch (NotFoundException missing) {
        if (!candidates.hasNext()) {
          throw missing;
        }
        surroundings.say(missing.getMessage());
      }
    }
  }

  static boolean isShort(String text, ImageName name) {
    return name instanceof ImageName.InRegistry
        && !text.startsWith("docker://")
        && !Reference.namesDomain(text);
  }

  /// What a bare name may mean, and why.
  Map<Reference, String> meanings(String text) throws ImageException, InterruptedIOException {
    return new Assembly(surroundings).meanings(text, source);
  }
}
