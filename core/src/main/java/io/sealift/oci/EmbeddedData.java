package io.sealift.oci;

import java.util.Arrays;

/// Content that came inside its own descriptor (OCI image specification, descriptor.md, Embedded
/// Content). Not proved until it was checked like any other bytes.
public final class EmbeddedData {

  private final byte[] bytes;

  public EmbeddedData(byte[] bytes) {
    this.bytes = bytes.clone();
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EmbeddedData data && Arrays.equals(bytes, data.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return bytes.length + " bytes";
  }
}
