package io.sealift.bench;

final class Placeholder {
  private Placeholder() {}
}
