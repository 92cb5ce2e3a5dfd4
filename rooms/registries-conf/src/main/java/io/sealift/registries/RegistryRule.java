package io.sealift.registries;

import io.sealift.failure.BadReferenceException;
import io.sealift.failure.PolicyRefusedException;
import io.sealift.oci.Reference;
import io.sealift.source.Place;
import io.sealift.toml.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// One `[[registry]]`.
///
/// @param location of the primary, tried last
/// @param origin `line 3 of /etc/containers/registries.conf`
record RegistryRule(
    Prefix prefix, Location location, boolean blocked, List<Mirror> mirrors, String origin) {

  private static final Set<String> KEYS =
      Set.of("prefix", "location", "insecure", "blocked", "mirror-by-digest-only", "mirror");

  private static final Set<String> MIRROR_KEYS = Set.of("location", "insecure", "pull-from-mirror");

  RegistryRule {
    mirrors = List.copyOf(mirrors);
  }

  /// For which references a mirror is asked.
  enum Use {
    ALL,
    DIGEST_ONLY,
    TAG_ONLY;

    boolean includes(Reference reference) {
      return switch (this) {
        case ALL -> true;
        case DIGEST_ONLY -> reference.digest() != null;
        case TAG_ONLY -> reference.digest() == null;
      };
    }
  }

  record Mirror(Location location, Use use) {}

  static RegistryRule read(Settings settings) throws BadReferenceException {
    if (settings.has("pull-from-mirror")) {
      throw settings.bad("pull-from-mirror", "belongs into a [[registry.mirror]]");
    }
    settings.expectOnly(KEYS);
    String location = Location.parsePhysical(settings, "location");
    Prefix prefix = prefix(settings, location);
    String origin = settings.place(settings.has("prefix") ? "prefix" : "location");
    boolean digestOnly = settings.flag("mirror-by-digest-only");
    List<Mirror> mirrors = new ArrayList<>();
    for (Settings mirror : settings.tables("mirror")) {
      mirrors.add(mirror(mirror, prefix, digestOnly, mirrors.size() + 1));
    }
    String why =
        location.isEmpty()
            ? "the reference itself, by %s, %s".formatted(prefix, origin)
            : "location of %s, %s".formatted(prefix, origin);
    return new RegistryRule(
        prefix,
        new Location(location, settings.flag("insecure"), why),
        settings.flag("blocked"),
        mirrors,
        origin);
  }

  private static Prefix prefix(Settings settings, String location) throws BadReferenceException {
    String text = Location.parse(settings, "prefix");
    if (text.isEmpty()) {
      if (location.isEmpty()) {
        String key = settings.keys().isEmpty() ? "prefix" : settings.keys().getFirst();
        throw settings.bad(key, "expected a prefix or a location beside it, found neither");
      }
      if (!Location.isRepositoryForm(location)) {
        throw settings.bad("location", "expected a prefix beside a layout directory");
      }
      return new Prefix(location);
    }
    boolean wildcard = text.startsWith("*.");
    boolean sound =
        wildcard
            ? Reference.isHost(text.substring(2)) && text.indexOf(':') < 0
            : Location.isRepositoryForm(text);
    if (!sound) {
      throw settings.bad(
          "prefix",
          "expected host[:port][/namespace…] with a dot or a port in the host, or *.domain, found '%s'"
              .formatted(text));
    }
    if (!wildcard && location.isEmpty()) {
      throw settings.bad(
          "prefix",
          "expected a location beside it; to leave '%s' as it is repeat it".formatted(text));
    }
    return new Prefix(text);
  }

  private static Mirror mirror(Settings settings, Prefix prefix, boolean digestOnly, int number)
      throws BadReferenceException {
    settings.expectOnly(MIRROR_KEYS);
    String location = Location.parsePhysical(settings, "location");
    if (location.isEmpty()) {
      String key = settings.keys().isEmpty() ? "location" : settings.keys().getFirst();
      throw settings.bad(key, "expected a location in a mirror of %s".formatted(prefix));
    }
    String use = settings.text("pull-from-mirror");
    if (use != null && !use.isEmpty() && digestOnly) {
      throw settings.bad(
          "pull-from-mirror",
          "expected this or mirror-by-digest-only of the [[registry]], found both");
    }
    String why = "mirror %d of %s, %s".formatted(number, prefix, settings.place("location"));
    return new Mirror(
        new Location(location, settings.flag("insecure"), why),
        digestOnly ? Use.DIGEST_ONLY : use(settings, use == null ? "" : use));
  }

  private static Use use(Settings settings, String text) throws BadReferenceException {
    return switch (text) {
      case "", "all" -> Use.ALL;
      case "digest-only" -> Use.DIGEST_ONLY;
      case "tag-only" -> Use.TAG_ONLY;
      default ->
          throw settings.bad(
              "pull-from-mirror",
              "expected all, digest-only or tag-only, found '%s'".formatted(text));
    };
  }

  /// What two tables with the same location must agree on.
  String physical() {
    return location.text().isEmpty() ? prefix.text() : location.text();
  }

  /// Whether it is about a reference. What is blocked is blocked at every port of a host.
  boolean isAbout(Reference reference) {
    return switch (prefix.match(reference)) {
      case NONE -> false;
      case OTHER_PORT -> blocked;
      case FULL -> true;
    };
  }

  /// @throws PolicyRefusedException when it is blocked
  List<Place> places(Reference reference) throws BadReferenceException, PolicyRefusedException {
    if (blocked) {
      throw new PolicyRefusedException(
          "find %s: %s is blocked, %s; unblock it there, or use another registry"
              .formatted(reference, prefix, origin));
    }
    String rest = prefix.rest(reference);
    List<Place> places = new ArrayList<>();
    for (Mirror mirror : mirrors) {
      if (mirror.use().includes(reference)) {
        places.add(mirror.location().place(reference, rest));
      }
    }
    places.add(location.place(reference, rest));
    return places;
  }
}
