package io.sealift.toml;

import io.sealift.failure.BadReferenceException;
import io.sealift.failure.Nearest;
import io.sealift.failure.Quoted;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;
import org.tomlj.TomlVersion;

/// One table of a TOML file, whose mistakes are told with file, line and key.
public final class Settings {

  /// Bytes of a file; the aliases that distributions bring have 10 000.
  public static final int MAX_BYTES = 256 * 1024;

  /// Entries of one array.
  public static final int MAX_ENTRIES = 1000;

  /// Characters of a text; the longest reference has 1024.
  private static final int MAX_TEXT = 1024;

  private final String origin;
  private final String path;
  private final TomlTable table;

  private Settings(String origin, String path, TomlTable table) {
    this.origin = origin;
    this.path = path;
    this.table = table;
  }

  /// Reads a whole file (TOML 1.0); empty when it holds nothing but comments.
  ///
  /// @param origin how messages call it
  public static Optional<Settings> read(byte[] bytes, String origin) throws BadReferenceException {
    if (bytes.length > MAX_BYTES) {
      throw new BadReferenceException(
          "read %s: more than the %d bytes allowed".formatted(origin, MAX_BYTES));
    }
    String text = text(bytes, origin);
    if (text.lines().allMatch(line -> line.isBlank() || line.strip().startsWith("#"))) {
      return Optional.empty();
    }
    Nesting.check(text, origin);
    TomlParseResult result = Toml.parse(text, TomlVersion.V1_0_0);
    if (result.hasErrors()) {
      TomlParseError first = result.errors().getFirst();
      throw new BadReferenceException(
          "read %s, line %d: %s"
              .formatted(
                  origin,
                  first.position().line(),
                  Quoted.of(String.valueOf(first.getMessage()), 200)));
    }
    return Optional.of(new Settings(origin, "", result));
  }

  /// A whole file as JSON.
  ///
  /// @param origin how messages call it
  public static byte[] asJson(byte[] bytes, String origin) throws BadReferenceException {
    Optional<Settings> settings = read(bytes, origin);
    String json = settings.isPresent() ? settings.get().table.toJson() : "{}";
    return json.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes, String origin) throws BadReferenceException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException malformed) {
      throw new BadReferenceException("read %s: expected UTF-8".formatted(origin), malformed);
    }
  }

  /// Where this table begins: `line 3 of /etc/containers/registries.conf`.
  public String place(String key) {
    return "line %d of %s".formatted(line(key), origin);
  }

  private int line(String key) {
    TomlPosition position = table.inputPositionOf(List.of(key));
    return position == null ? 1 : position.line();
  }

  public boolean has(String key) {
    return table.contains(List.of(key));
  }

  public List<String> keys() {
    return List.copyOf(table.keySet());
  }

  /// The same keys, in the order in which they stand in the file.
  public List<String> keysInOrder() {
    List<String> keys = new ArrayList<>(table.keySet());
    keys.sort((one, other) -> {
      TomlPosition first = table.inputPositionOf(List.of(one));
      TomlPosition second = table.inputPositionOf(List.of(other));
      return first == null || second == null
          ? 0
          : first.line() != second.line()
              ? Integer.compare(first.line(), second.line())
              : Integer.compare(first.column(), second.column());
    });
    return keys;
  }

  /// @throws BadReferenceException when there is a key that is not among the known
  public void expectOnly(Collection<String> known) throws BadReferenceException {
    for (String key : table.keySet()) {
      if (!known.contains(key)) {
        throw bad(key, "there is no such setting" + Nearest.hint(key, known));
      }
    }
  }

  /// A mistake, to be thrown.
  public BadReferenceException bad(String key, String what) {
    return new BadReferenceException(
        "read %s, line %d: %s: %s".formatted(origin, line(key), path + Quoted.of(key, 100), what));
  }

  /// A text; null when the key is missing.
  public @Nullable String text(String key) throws BadReferenceException {
    return has(key) ? text(key, table.get(List.of(key))) : null;
  }

  private String text(String key, @Nullable Object value) throws BadReferenceException {
    if (!(value instanceof String text)) {
      throw bad(key, "expected a text, found " + kind(value));
    }
    if (text.length() > MAX_TEXT) {
      throw bad(key, "more than the %d characters allowed".formatted(MAX_TEXT));
    }
    return text;
  }

  /// Whether it is set to true; false when the key is missing.
  public boolean flag(String key) throws BadReferenceException {
    if (!has(key)) {
      return false;
    }
    Object value = table.get(List.of(key));
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw bad(key, "expected true or false, found " + kind(value));
  }

  /// A list of texts; null when the key is missing.
  public @Nullable List<String> texts(String key) throws BadReferenceException {
    return has(key) ? texts(key, table.get(List.of(key))) : null;
  }

  private List<String> texts(String key, @Nullable Object value) throws BadReferenceException {
    List<String> texts = new ArrayList<>();
    for (Object entry : entries(key, value, "a list of texts")) {
      texts.add(text(key, entry));
    }
    return texts;
  }

  /// A text, or a list of them.
  public List<String> textOrTexts(String key) throws BadReferenceException {
    if (!has(key)) {
      return List.of();
    }
    Object value = table.get(List.of(key));
    return value instanceof String ? List.of(text(key, value)) : texts(key, value);
  }

  /// A text, or a list of which each is a text or a list of texts itself.
  public List<List<String>> textsOrLists(String key) throws BadReferenceException {
    if (!has(key)) {
      return List.of();
    }
    Object value = table.get(List.of(key));
    if (value instanceof String) {
      return List.of(List.of(text(key, value)));
    }
    List<List<String>> lists = new ArrayList<>();
    for (Object entry : entries(key, value, "a text or a list")) {
      lists.add(entry instanceof String ? List.of(text(key, entry)) : texts(key, entry));
    }
    return lists;
  }

  private List<Object> entries(String key, @Nullable Object value, String expected)
      throws BadReferenceException {
    if (!(value instanceof TomlArray array)) {
      throw bad(key, "expected %s, found %s".formatted(expected, kind(value)));
    }
    if (array.size() > MAX_ENTRIES) {
      throw bad(key, "more than the %d entries allowed".formatted(MAX_ENTRIES));
    }
    List<Object> entries = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      entries.add(array.get(i));
    }
    return entries;
  }

  /// The tables of `[[key]]`; none when the key is missing.
  public List<Settings> tables(String key) throws BadReferenceException {
    List<Settings> tables = new ArrayList<>();
    if (has(key)) {
      for (Object entry : entries(key, table.get(List.of(key)), "[[" + path + key + "]]")) {
        if (!(entry instanceof TomlTable one)) {
          throw bad(key, "expected [[%s]], found a list".formatted(path + key));
        }
        tables.add(new Settings(origin, path + key + ".", one));
      }
    }
    return tables;
  }

  /// The table `[key]`; empty when the key is missing.
  public Optional<Settings> table(String key) throws BadReferenceException {
    if (!has(key)) {
      return Optional.empty();
    }
    Object value = table.get(List.of(key));
    if (value instanceof TomlTable one) {
      return Optional.of(new Settings(origin, path + key + ".", one));
    }
    throw bad(key, "expected a table, found " + kind(value));
  }

  /// A table of texts, in the order of the file.
  public Map<String, String> textsByName() throws BadReferenceException {
    Map<String, String> texts = new LinkedHashMap<>();
    for (String key : table.keySet()) {
      texts.put(key, text(key, table.get(List.of(key))));
    }
    return texts;
  }

  private static String kind(@Nullable Object value) {
    return switch (value) {
      case String _ -> "a text";
      case Boolean _ -> "true or false";
      case TomlArray _ -> "a list";
      case TomlTable _ -> "a table";
      case Long _, Double _ -> "a number";
      case null, default -> "something else";
    };
  }
}
