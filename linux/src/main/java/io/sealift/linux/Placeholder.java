package io.sealift.linux;

final class Placeholder {
  private Placeholder() {}
}
