package io.sealift.crypt;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A file that a user named to decrypt with, and its password: a private key, a certificate, a
/// secret key ring. What it is, its bytes tell. Secret: cleared by {@link #close}, shows nothing
/// but its name.
public final class KeyFile implements AutoCloseable {

  /// Bytes of a key file; key rings of whole teams have some 100 000.
  public static final int MAX_BYTES = 1 << 20;

  private final String name;
  private final byte[] bytes;
  private final char @Nullable [] password;

  /// @param name for people: a path, or a URI
  /// @param bytes become this object's own
  /// @param password becomes this object's own
  public KeyFile(String name, byte[] bytes, char @Nullable [] password) {
    this.name = name;
    this.bytes = bytes;
    this.password = password;
  }

  public String name() {
    return name;
  }

  /// Not a copy: gone after {@link #close}, and not to be written to.
  public byte[] bytes() {
    return bytes;
  }

  /// Not a copy; null when none was given.
  public char @Nullable [] password() {
    return password;
  }

  @Override
  public void close() {
    Arrays.fill(bytes, (byte) 0);
    if (password != null) {
      Arrays.fill(password, '\0');
    }
  }

  @Override
  public String toString() {
    return "key file " + name;
  }
}
