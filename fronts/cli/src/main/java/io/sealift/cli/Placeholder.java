package io.sealift.cli;

final class Placeholder {
  private Placeholder() {}
}
