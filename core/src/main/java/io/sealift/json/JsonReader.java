package io.sealift.json;

/// Placeholder.
public final class JsonReader {
  private JsonReader() {}
}
