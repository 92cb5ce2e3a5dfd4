package io.sealift.kbs;

import io.sealift.failure.BadReferenceException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The name of a resource, `kbs[+PLUGIN]://[HOST[:PORT]]/SEGMENT/…[?QUERY]` (guest-components,
/// `RESOURCE_URI.md`). The host, when there is one, does not choose whom to ask.
///
/// @param plugin of the key broker that has it; `resource` unless the scheme names one
/// @param segments one or more; `REPOSITORY`, `TYPE` and `TAG` for resources
/// @param query empty when there is none
record ResourceUri(String plugin, String host, List<String> segments, String query) {

  /// Characters of a URI; real ones have about 40.
  private static final int MAX_LENGTH = 1024;

  private static final String DEFAULT_PLUGIN = "resource";

  /// Segments begin with no dot, as the key broker has it, so that none is a way out of anything.
  private static final Pattern FORM =
      Pattern.compile(
          "kbs(?:\\+(?<plugin>[a-z0-9-]+))?://(?<host>[A-Za-z0-9._:\\[\\]-]*)"
              + "/(?<path>[A-Za-z0-9_-][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*)"
              + "(?:\\?(?<query>[A-Za-z0-9_.~=&%+-]*))?");

  ResourceUri {
    segments = List.copyOf(segments);
  }

  /// Whether a text is meant to be such a name.
  static boolean isMeant(String text) {
    return text.startsWith("kbs:") || text.startsWith("kbs+");
  }

  /// @throws BadReferenceException when the text is no such name
  static ResourceUri parse(String text) throws BadReferenceException {
    Matcher matcher = FORM.matcher(text);
    if (text.length() > MAX_LENGTH || !matcher.matches()) {
      String shown = text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) + "…" : text;
      throw new BadReferenceException(
          "read %s: expected kbs:///REPOSITORY/TYPE/TAG".formatted(shown));
    }
    String plugin = matcher.group("plugin");
    String query = matcher.group("query");
    return new ResourceUri(
        plugin == null ? DEFAULT_PLUGIN : plugin,
        matcher.group("host"),
        List.of(matcher.group("path").split("/", -1)),
        query == null ? "" : query);
  }

  /// Whether the key broker's own resources have it, and not one of its plugins.
  boolean isResource() {
    return plugin.equals(DEFAULT_PLUGIN);
  }

  /// Segments with slashes between them.
  String path() {
    return String.join("/", segments);
  }

  @Override
  public String toString() {
    return "kbs%s://%s/%s%s"
        .formatted(
            isResource() ? "" : "+" + plugin, host, path(), query.isEmpty() ? "" : "?" + query);
  }
}
