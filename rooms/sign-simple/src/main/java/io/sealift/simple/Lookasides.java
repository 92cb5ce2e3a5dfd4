package io.sealift.simple;

import io.sealift.failure.BadReferenceException;
import io.sealift.failure.ImageException;
import io.sealift.failure.NotFoundException;
import io.sealift.oci.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where the signatures of images are kept (containers-registries.d(5)). The most particular scope
/// that says where decides:
///
/// | scope | where it stands |
/// |---|---|
/// | `registry.example/ns/app:v1`, `registry.example/ns/app`, `registry.example/ns`, `registry.example`, `*.example` | a key of `docker` |
/// | every image | `default-docker` |
/// | every image that nothing is said about | a directory of this machine |
///
/// Each names a base URL with `lookaside`, or with its old name `sigstore`. Immutable.
public final class Lookasides {

  /// Bytes of a file.
  public static final int MAX_BYTES = Yaml.MAX_BYTES;

  /// Files of settings in a directory; real ones have ten.
  private static final int MAX_FILES = 1000;

  private static final String SUFFIX = ".yaml";

  private final Map<String, Section> scopes = new HashMap<>();
  private final Path otherwise;
  private @Nullable Section byDefault;

  /// What one scope says.
  ///
  /// @param origin the file
  /// @param url empty when it does not say where
  private record Section(String origin, String scope, String url) {}

  private Lookasides(Path otherwise) {
    this.otherwise = otherwise;
  }

  /// Reads all files `*.yaml` of a directory.
  ///
  /// @param directory a missing one says nothing
  /// @param otherwise where signatures are kept that nothing is said about
  /// @throws BadReferenceException when a file is malformed, or two speak of the same scope
  /// @throws NotFoundException when something cannot be read
  public static Lookasides read(Path directory, Path otherwise)
      throws BadReferenceException, NotFoundException {
    Lookasides lookasides = new Lookasides(otherwise);
    for (Path file : files(directory)) {
      lookasides.add(contents(file), file.toString());
    }
    return lookasides;
  }

  /// Reads settings that are no file, such as the `sigstore_config` of image-rs.
  ///
  /// @param origin how messages call them
  /// @param otherwise where signatures are kept that nothing is said about
  public static Lookasides parse(byte[] yaml, String origin, Path otherwise)
      throws BadReferenceException {
    Lookasides lookasides = new Lookasides(otherwise);
    lookasides.add(yaml, origin);
    return lookasides;
  }

  private static List<Path> files(Path directory) throws NotFoundException, BadReferenceException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
      for (Path file : entries) {
        if (files.size() == MAX_FILES) {
          throw new BadReferenceException(
              "read %s: more than the %d files allowed".formatted(directory, MAX_FILES));
        }
        files.add(file);
      }
    } catch (NoSuchFileException missing) {
      return List.of();
    } catch (IOException unreadable) {
      throw new NotFoundException(
          "read %s: %s; make it readable".formatted(directory, unreadable), unreadable);
    }
    files.sort(null);
    return files;
  }

  private static byte[] contents(Path file) throws NotFoundException {
    try (InputStream stream = Files.newInputStream(file)) {
      return stream.readNBytes(Yaml.MAX_BYTES + 1);
    } catch (IOException unreadable) {
      throw new NotFoundException(
          "read %s: %s; make it readable".formatted(file, unreadable), unreadable);
    }
  }

  private void add(byte[] yaml, String origin) throws BadReferenceException {
    try {
      Map<String, Yaml.Value> settings = members(Yaml.read(yaml), "the document");
      Yaml.Value general = settings.get("default-docker");
      if (general != null && !(general instanceof Yaml.Nothing)) {
        byDefault = addition(byDefault, "default-docker", general, origin);
      }
      Yaml.Value particular = settings.getOrDefault("docker", new Yaml.Nothing());
      for (Map.Entry<String, Yaml.Value> entry : members(particular, "docker").entrySet()) {
        String scope = entry.getKey();
        scopes.put(scope, addition(scopes.get(scope), scope, entry.getValue(), origin));
      }
    } catch (WorthlessException malformed) {
      throw new BadReferenceException(
          "read %s: %s".formatted(origin, malformed.getMessage()), malformed);
    }
  }

  private static Section addition(
      @Nullable Section known, String scope, Yaml.Value value, String origin)
      throws WorthlessException {
    if (known != null) {
      throw new WorthlessException(
          "'%s' is there already, in %s; keep one of them".formatted(scope, known.origin()));
    }
    Map<String, Yaml.Value> members = members(value, scope);
    String url = text(members, "lookaside", scope);
    String old = text(members, "sigstore", scope);
    text(members, "lookaside-staging", scope);
    text(members, "sigstore-staging", scope);
    text(members, "use-sigstore-attachments", scope);
    return new Section(origin, scope, url.isEmpty() ? old : url);
  }

  private static Map<String, Yaml.Value> members(Yaml.Value value, String place)
      throws WorthlessException {
    return switch (value) {
      case Yaml.Mapping(Map<String, Yaml.Value> members) -> members;
      case Yaml.Nothing _ -> Map.of();
      case Yaml.Text _, Yaml.Sequence _ ->
          throw new WorthlessException("%s: expected a map".formatted(place));
    };
  }

  private static String text(Map<String, Yaml.Value> members, String name, String scope)
      throws WorthlessException {
    return switch (members.getOrDefault(name, new Yaml.Nothing())) {
      case Yaml.Text(String text) -> text;
      case Yaml.Nothing _ -> "";
      case Yaml.Mapping _, Yaml.Sequence _ ->
          throw new WorthlessException("%s of %s: expected text".formatted(name, scope));
    };
  }

  /// The base URL of an image's signatures: of `file`, `http` or `https`.
  ///
  /// @throws BadReferenceException when it is another
  URI base(Reference name) throws ImageException {
    Section section = section(name);
    return section == null ? otherwise.toUri() : url(section);
  }

  private @Nullable Section section(Reference name) {
    for (String scope : scopes(name)) {
      Section section = scopes.get(scope);
      if (section != null && !section.url().isEmpty()) {
        return section;
      }
    }
    return byDefault == null || byDefault.url().isEmpty() ? null : byDefault;
  }

  private static List<String> scopes(Reference name) {
    String repository = name.domain() + "/" + name.path();
    List<String> scopes = new ArrayList<>();
    scopes.add(
        name.digest() == null ? repository + ":" + name.tag() : repository + "@" + name.digest());
    scopes.add(repository);
    String scope = repository;
    for (int slash = scope.lastIndexOf('/'); slash >= 0; slash = scope.lastIndexOf('/')) {
      scope = scope.substring(0, slash);
      scopes.add(scope);
    }
    String host = scope.startsWith("[") ? "" : scope.replaceFirst(":.*", "");
    for (int dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.')) {
      host = host.substring(dot + 1);
      scopes.add("*." + host);
    }
    return scopes;
  }

  private static URI url(Section section) throws BadReferenceException {
    try {
      URI url = new URI(section.url());
      String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
      boolean web = scheme.equals("http") || scheme.equals("https");
      boolean sound =
          web
              ? url.getHost() != null
                  && url.getRawUserInfo() == null
                  && url.getRawFragment() == null
              : scheme.equals("file")
                  && url.getPath() != null
                  && url.getPath().indexOf('\0') < 0
                  && url.getRawQuery() == null;
      if (sound) {
        return url;
      }
    } catch (URISyntaxException malformed) {
      throw bad(section, malformed);
    }
    throw bad(section, null);
  }

  private static BadReferenceException bad(Section section, @Nullable Exception cause) {
    String message =
        "read %s: the lookaside of %s: expected a URL of file, http or https, without a user"
            .formatted(section.origin(), section.scope());
    return cause == null
        ? new BadReferenceException(message)
        : new BadReferenceException(message, cause);
  }
}
