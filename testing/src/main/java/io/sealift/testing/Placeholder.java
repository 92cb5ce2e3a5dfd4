package io.sealift.testing;

final class Placeholder {
  private Placeholder() {}
}
