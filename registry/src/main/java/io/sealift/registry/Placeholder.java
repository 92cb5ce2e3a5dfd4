package io.sealift.registry;

final class Placeholder {
  private Placeholder() {}
}
