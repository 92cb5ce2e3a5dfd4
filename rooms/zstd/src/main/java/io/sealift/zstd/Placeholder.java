package io.sealift.zstd;

final class Placeholder {
  private Placeholder() {}
}
