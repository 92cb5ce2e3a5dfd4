package io.sealift.simple;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/// Reads one YAML document of settings into maps and text, within bounds. Aliases stand for what
/// their anchors marked and take no memory of their own. What is neither a map nor text, such as a
/// list, is there but has no value.
final class Yaml {

  /// Bytes of a file; real ones have a few hundred.
  static final int MAX_BYTES = 256 * 1024;

  /// Maps and lists inside each other; settings have 3.
  private static final int MAX_DEPTH = 16;

  private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");

  private final Iterator<Event> events;
  private final Map<Anchor, Value> anchors = new HashMap<>();

  private Yaml(Iterator<Event> events) {
    this.events = events;
  }

  /// A value of the document.
  sealed interface Value {}

  /// Text, or anything that is written as text.
  record Text(String text) implements Value {}

  /// In the order of the document.
  record Mapping(Map<String, Value> members) implements Value {}

  /// Nothing: `key:`, `~`, `null`.
  record Nothing() implements Value {}

  record Sequence() implements Value {}

  /// Reads the document; {@link Nothing} when it is empty.
  static Value read(byte[] bytes) throws WorthlessException {
    if (bytes.length > MAX_BYTES) {
      throw new WorthlessException("more than the %d bytes allowed".formatted(MAX_BYTES));
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      LoadSettings settings = LoadSettings.builder().build();
      return new Yaml(new ParserImpl(settings, new StreamReader(settings, text))).document();
    } catch (CharacterCodingException malformed) {
      throw new WorthlessException("not UTF-8", malformed);
    } catch (YamlEngineException malformed) {
      String message = String.valueOf(malformed.getMessage()).replaceAll("\\s+", " ").strip();
      throw new WorthlessException("malformed YAML: " + message, malformed);
    }
  }

  private Value document() throws WorthlessException {
    Value value = new Nothing();
    int documents = 0;
    while (events.hasNext()) {
      Event event = events.next();
      switch (event.getEventId()) {
        case StreamStart, StreamEnd, DocumentEnd, Comment -> {}
        case DocumentStart -> {
          if (++documents > 1) {
            throw new WorthlessException("more than one YAML document");
          }
        }
        default -> value = value(event, 0);
      }
    }
    return value;
  }

  private Value value(Event event, int depth) throws WorthlessException {
    if (depth > MAX_DEPTH) {
      throw new WorthlessException(
          "more than the %d maps and lists inside each other allowed".formatted(MAX_DEPTH));
    }
    Value value =
        switch (event.getEventId()) {
          case Scalar -> scalar((ScalarEvent) event);
          case MappingStart -> mapping(depth);
          case SequenceStart -> sequence(depth);
          case Alias -> aliased((AliasEvent) event);
          default -> throw new WorthlessException("malformed YAML: unexpected " + event);
        };
    if (event instanceof NodeEvent node && !(event instanceof AliasEvent)) {
      node.getAnchor().ifPresent(anchor -> anchors.put(anchor, value));
    }
    return value;
  }

  private static Value scalar(ScalarEvent scalar) {
    return scalar.isPlain() && NULLS.contains(scalar.getValue())
        ? new Nothing()
        : new Text(scalar.getValue());
  }

  private Value mapping(int depth) throws WorthlessException {
    Map<String, Value> members = new LinkedHashMap<>();
    for (Event event = events.next();
        event.getEventId() != Event.ID.MappingEnd;
        event = events.next()) {
      if (!(value(event, depth + 1) instanceof Text(String name))) {
        throw new WorthlessException("a key that is no text" + place(event));
      }
      if (name.equals("<<")) {
        throw new WorthlessException("a merge key <<, which is not understood" + place(event));
      }
      if (members.put(name, value(events.next(), depth + 1)) != null) {
        throw new WorthlessException("the key '%s' is there twice".formatted(name) + place(event));
      }
    }
    return new Mapping(members);
  }

  private Value sequence(int depth) throws WorthlessException {
    for (Event event = events.next();
        event.getEventId() != Event.ID.SequenceEnd;
        event = events.next()) {
      value(event, depth + 1);
    }
    return new Sequence();
  }

  private Value aliased(AliasEvent alias) throws WorthlessException {
    @Nullable Value value = anchors.get(alias.getAlias());
    if (value == null) {
      throw new WorthlessException("an alias of what is not there" + place(alias));
    }
    return value;
  }

  private static String place(Event event) {
    return event.getStartMark().map(mark -> ", line " + (mark.getLine() + 1)).orElse("");
  }
}
