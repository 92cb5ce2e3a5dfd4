package io.sealift.wire.guest;

import io.sealift.wire.ProtoException;
import io.sealift.wire.ProtoReader;
import io.sealift.wire.ProtoWriter;

/// `api.ImagePullRequest`: bring an image into a directory.
public record PullRequest(String imageUrl, String bundlePath) {

  public byte[] encode() {
    return new ProtoWriter().text(1, imageUrl).text(2, bundlePath).toBytes();
  }

  public static PullRequest decode(byte[] message) throws ProtoException {
    String imageUrl = "";
    String bundlePath = "";
    ProtoReader fields = new ProtoReader("ImagePullRequest", message);
    while (fields.next()) {
      switch (fields.field()) {
        case 1 -> imageUrl = fields.text();
        case 2 -> bundlePath = fields.text();
        default -> fields.skip();
      }
    }
    return new PullRequest(imageUrl, bundlePath);
  }
}
