package io.sealift.bundle;

/// Placeholder.
public final class BundleWriter {
  private BundleWriter() {}
}
