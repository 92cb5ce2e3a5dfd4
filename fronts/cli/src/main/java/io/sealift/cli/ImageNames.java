package io.sealift.cli;

import io.sealift.cli.console.Surroundings;
import io.sealift.cli.options.SourceOptions;
import io.sealift.failure.BadReferenceException;
import io.sealift.failure.ImageException;
import io.sealift.failure.NotFoundException;
import io.sealift.oci.ImageName;
import io.sealift.pull.ImageClient;
import java.io.InterruptedIOException;
import java.util.Iterator;
import java.util.List;

/// Names of images as users write them, of which short ones are looked for in registries.
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
  ///
  /// @throws BadReferenceException when several may be meant and there is a password for one
  ImageName parse(String text) throws ImageException, InterruptedIOException {
    List<ImageName> meanings = new ShortNames(surroundings, source.places()).meanings(text);
    if (meanings.size() == 1) {
      return meanings.getFirst();
    }
    if (source.access().namesUser()) {
      throw ShortNames.several(
          text, meanings, ", and each of them could ask for the password of --creds");
    }
    Iterator<ImageName> candidates = meanings.iterator();
    ImageClient client = new Assembly(surroundings).client(source);
    while (true) {
      ImageName candidate = candidates.next();
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
}
