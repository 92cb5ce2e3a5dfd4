package io.sealift.overlay;

final class Placeholder {
  private Placeholder() {}
}
