package io.sealift.testing.telemetry;

import io.sealift.wire.ProtoException;
import io.sealift.wire.ProtoReader;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A span as a collector got it (opentelemetry-proto, `trace/v1/trace.proto`).
///
/// @param parent empty for the first one of a trace
/// @param attributes text as it is, numbers in decimal digits
/// @param events their names
/// @param error what a failure says; empty when there was none
/// @param resource attributes of the program
public record ReceivedSpan(
    String trace,
    String id,
    String parent,
    String name,
    Map<String, String> attributes,
    List<String> events,
    String error,
    Map<String, String> resource) {

  /// The spans of one `ExportTraceServiceRequest`.
  static List<ReceivedSpan> read(byte[] request) throws ProtoException {
    List<ReceivedSpan> spans = new ArrayList<>();
    ProtoReader fields = new ProtoReader("export request", request);
    while (fields.next()) {
      if (fields.field() == 1) {
        ofResource(fields.bytes(), spans);
      } else {
        fields.skip();
      }
    }
    return spans;
  }

  private static void ofResource(byte[] message, List<ReceivedSpan> spans) throws ProtoException {
    Map<String, String> resource = new TreeMap<>();
    ProtoReader fields = new ProtoReader("resource spans", message);
    while (fields.next()) {
      switch (fields.field()) {
        case 1 -> attributes(new ProtoReader("resource", fields.bytes()), 1, resource);
        case 2 -> ofScope(fields.bytes(), resource, spans);
        default -> fields.skip();
      }
    }
  }

  private static void ofScope(
      byte[] message, Map<String, String> resource, List<ReceivedSpan> spans)
      throws ProtoException {
    ProtoReader fields = new ProtoReader("scope spans", message);
    while (fields.next()) {
      if (fields.field() == 2) {
        spans.add(span(fields.bytes(), resource));
      } else {
        fields.skip();
      }
    }
  }

  private static ReceivedSpan span(byte[] message, Map<String, String> resource)
      throws ProtoException {
    String trace = "";
    String id = "";
    String parent = "";
    String name = "";
    String error = "";
    Map<String, String> attributes = new TreeMap<>();
    List<String> events = new ArrayList<>();
    ProtoReader fields = new ProtoReader("span", message);
    while (fields.next()) {
      switch (fields.field()) {
        case 1 -> trace = HexFormat.of().formatHex(fields.bytes());
        case 2 -> id = HexFormat.of().formatHex(fields.bytes());
        case 4 -> parent = HexFormat.of().formatHex(fields.bytes());
        case 5 -> name = fields.text();
        case 9 -> attribute(fields.bytes(), attributes);
        case 11 -> events.add(text(fields.bytes(), 2));
        case 15 -> error = text(fields.bytes(), 2);
        default -> fields.skip();
      }
    }
    return new ReceivedSpan(trace, id, parent, name, attributes, events, error, resource);
  }

  private static void attributes(ProtoReader fields, int field, Map<String, String> into)
      throws ProtoException {
    while (fields.next()) {
      if (fields.field() == field) {
        attribute(fields.bytes(), into);
      } else {
        fields.skip();
      }
    }
  }

  private static void attribute(byte[] message, Map<String, String> into) throws ProtoException {
    String key = "";
    String value = "";
    ProtoReader fields = new ProtoReader("attribute", message);
    while (fields.next()) {
      switch (fields.field()) {
        case 1 -> key = fields.text();
        case 2 -> value = value(fields.bytes());
        default -> fields.skip();
      }
    }
    into.put(key, value);
  }

  private static String value(byte[] message) throws ProtoException {
    String value = "";
    ProtoReader fields = new ProtoReader("value", message);
    while (fields.next()) {
      switch (fields.field()) {
        case 1 -> value = fields.text();
        case 2, 3 -> value = Long.toString(fields.number());
        default -> fields.skip();
      }
    }
    return value;
  }

  /// The text in one field of a message; empty when it has none.
  private static String text(byte[] message, int field) throws ProtoException {
    String text = "";
    ProtoReader fields = new ProtoReader("message", message);
    while (fields.next()) {
      if (fields.field() == field) {
        text = fields.text();
      } else {
        fields.skip();
      }
    }
    return text;
  }
}
