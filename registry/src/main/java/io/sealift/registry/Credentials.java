package io.sealift.registry;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/// A user and password for one registry. Never shows the password, and forgets it on {@link
/// #close}.
public final class Credentials implements AutoCloseable {

  private final String user;
  private final char[] password;

  /// @param password copied; the caller's array stays the caller's to clear
  public Credentials(String user, char[] password) {
    this.user = user;
    this.password = password.clone();
  }

  public String user() {
    return user;
  }

  /// The value of an `Authorization` header for these (RFC 7617).
  @SuppressWarnings(
      "ByteBufferBackingArray") // an encoder gives a buffer on the heap that begins at 0
  String basic() {
    ByteBuffer secret = StandardCharsets.UTF_8.encode(CharBuffer.wrap(password));
    byte[] name = (user + ":").getBytes(StandardCharsets.UTF_8);
    byte[] pair = Arrays.copyOf(name, name.length + secret.remaining());
    secret.get(pair, name.length, secret.remaining());
    String header = "Basic " + Base64.getEncoder().encodeToString(pair);
    Arrays.fill(pair, (byte) 0);
    secret.clear();
    while (secret.hasRemaining()) {
      secret.put((byte) 0);
    }
    return header;
  }

  @Override
  public String toString() {
    return user + ":(password not shown)";
  }

  @Override
  public void close() {
    Arrays.fill(password, '\0');
  }
}
