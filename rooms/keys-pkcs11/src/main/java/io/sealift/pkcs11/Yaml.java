package io.sealift.pkcs11;

import io.sealift.crypt.KeyException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/// Reads one YAML document of maps, lists and text, without anchors, within bounds. What is wrong
/// is told by its line only: key files have PINs in them.
final class Yaml {

  /// Bytes of a file; real ones have a few hundred.
  static final int MAX_BYTES = 64 * 1024;

  /// Maps and lists inside each other; the files have 3.
  private static final int MAX_DEPTH = 8;

  private final Iterator<Event> events;

  private Yaml(Iterator<Event> events) {
    this.events = events;
  }

  /// A value of the document: empty text where there is none.
  sealed interface Value {

    /// The text, which it has to be.
    default String text(String what) throws KeyException {
      throw new KeyException(what + " is no text");
    }

    /// The members, which it has to have; none when nothing is there.
    default Map<String, Value> members(String what) throws KeyException {
      throw new KeyException(what + " is no map");
    }

    /// The texts of a list, which it has to be; none when nothing is there.
    default List<String> texts(String what) throws KeyException {
      throw new KeyException(what + " is no list");
    }
  }

  record Text(String text) implements Value {

    static final Text NONE = new Text("");

    @Override
    public String text(String what) {
      return text;
    }

    @Override
    public Map<String, Value> members(String what) throws KeyException {
      return text.isEmpty() ? Map.of() : Value.super.members(what);
    }

    @Override
    public List<String> texts(String what) throws KeyException {
      return text.isEmpty() ? List.of() : Value.super.texts(what);
    }
  }

  record Mapping(Map<String, Value> members) implements Value {

    @Override
    public Map<String, Value> members(String what) {
      return members;
    }
  }

  record Sequence(List<Value> items) implements Value {

    @Override
    public List<String> texts(String what) throws KeyException {
      List<String> texts = new ArrayList<>();
      for (Value item : items) {
        texts.add(item.text("an item of " + what));
      }
      return texts;
    }
  }

  static Value read(byte[] bytes) throws KeyException {
    if (bytes.length > MAX_BYTES) {
      throw new KeyException("more than the %d bytes allowed".formatted(MAX_BYTES));
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      LoadSettings settings = LoadSettings.builder().build();
      return new Yaml(new ParserImpl(settings, new StreamReader(settings, text))).document();
    } catch (CharacterCodingException malformed) {
      throw new KeyException("not UTF-8", malformed);
    } catch (MarkedYamlEngineException malformed) {
      throw new KeyException(
          "malformed YAML"
              + malformed.getProblemMark().map(mark -> line(mark.getLine())).orElse(""));
    } catch (YamlEngineException malformed) {
      throw new KeyException("malformed YAML");
    }
  }

  private Value document() throws KeyException {
    Value value = Text.NONE;
    int documents = 0;
    while (events.hasNext()) {
      Event event = events.next();
      switch (event.getEventId()) {
        case StreamStart, StreamEnd, DocumentEnd, Comment -> {}
        case DocumentStart -> {
          if (++documents > 1) {
            throw new KeyException("more than one YAML document");
          }
        }
        default -> value = value(event, 0);
      }
    }
    return value;
  }

  private Value value(Event event, int depth) throws KeyException {
    if (depth > MAX_DEPTH) {
      throw new KeyException(
          "more than the %d maps and lists inside each other allowed".formatted(MAX_DEPTH));
    }
    if (event instanceof NodeEvent node && node.getAnchor().isPresent()) {
      throw new KeyException("an anchor or alias, which has no use here" + place(event));
    }
    return switch (event.getEventId()) {
      case Scalar -> scalar((ScalarEvent) event);
      case MappingStart -> mapping(depth);
      case SequenceStart -> sequence(depth);
      default -> throw new KeyException("malformed YAML" + place(event));
    };
  }

  private static Value scalar(ScalarEvent scalar) {
    boolean nothing = scalar.isPlain() && scalar.getValue().matches("~|[Nn]ull|NULL|");
    return nothing ? Text.NONE : new Text(scalar.getValue());
  }

  private Value mapping(int depth) throws KeyException {
    Map<String, Value> members = new LinkedHashMap<>();
    for (Event event = events.next();
        event.getEventId() != Event.ID.MappingEnd;
        event = events.next()) {
      String name = value(event, depth + 1).text("a key" + place(event));
      if (members.put(name, value(events.next(), depth + 1)) != null) {
        throw new KeyException("a key that is there twice" + place(event));
      }
    }
    return new Mapping(members);
  }

  private Value sequence(int depth) throws KeyException {
    List<Value> items = new ArrayList<>();
    for (Event event = events.next();
        event.getEventId() != Event.ID.SequenceEnd;
        event = events.next()) {
      items.add(value(event, depth + 1));
    }
    return new Sequence(items);
  }

  private static String place(Event event) {
    return event.getStartMark().map(mark -> line(mark.getLine())).orElse("");
  }

  private static String line(int fromZero) {
    return ", line " + (fromZero + 1);
  }
}
