package io.sealift.cri.message;

import io.sealift.wire.ProtoException;
import io.sealift.wire.ProtoReader;
import java.util.Arrays;

/// An image to bring in, as whom, and for which pod. Whoever has the request closes it.
public record PullImageRequest(ImageSpec image, AuthConfig auth, PodSandbox sandbox)
    implements AutoCloseable {

  /// @param message is overwritten: passwords are in it
  public static PullImageRequest decode(byte[] message) throws ProtoException {
    ImageSpec image = ImageSpec.NONE;
    AuthConfig auth = AuthConfig.none();
    PodSandbox sandbox = PodSandbox.NONE;
    boolean done = false;
    try {
      ProtoReader fields = new ProtoReader("PullImageRequest", message);
      while (fields.next()) {
        switch (fields.field()) {
          case 1 -> image = ImageSpec.decode(fields.bytes());
          case 2 -> {
            auth.close();
            auth = AuthConfig.decode(fields.bytes());
          }
          case 3 -> sandbox = PodSandbox.decode(fields.bytes());
          default -> fields.skip();
        }
      }
      done = true;
      return new PullImageRequest(image, auth, sandbox);
    } finally {
      Arrays.fill(message, (byte) 0);
      if (!done) {
        auth.close();
      }
    }
  }

  @Override
  public void close() {
    auth.close();
  }
}
