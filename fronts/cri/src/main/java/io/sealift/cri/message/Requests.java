package io.sealift.cri.message;

import io.sealift.wire.ProtoException;
import io.sealift.wire.ProtoReader;

/// The requests that have an image, a truth value or both:
///
/// | message | field 1 | field 2 |
/// |---|---|---|
/// | `ListImagesRequest`, `StreamImagesRequest` | a filter, which has an image in its field 1 | |
/// | `ImageStatusRequest` | an image | `verbose` |
/// | `RemoveImageRequest` | an image | |
/// | `StatusRequest` | `verbose` | |
public final class Requests {

  private Requests() {}

  /// An image, and whether all is to be told of it.
  public record Status(ImageSpec image, boolean verbose) {}

  /// The image that a listing is for; one without a name where it is for all.
  public static ImageSpec filter(byte[] message) throws ProtoException {
    ImageSpec image = ImageSpec.NONE;
    ProtoReader fields = new ProtoReader("ListImagesRequest", message);
    while (fields.next()) {
      if (fields.field() == 1) {
        image = image("ImageFilter", fields.bytes());
      } else {
        fields.skip();
      }
    }
    return image;
  }

  /// The image of a request that has no more.
  public static ImageSpec image(String subject, byte[] message) throws ProtoException {
    ImageSpec image = ImageSpec.NONE;
    ProtoReader fields = new ProtoReader(subject, message);
    while (fields.next()) {
      if (fields.field() == 1) {
        image = ImageSpec.decode(fields.bytes());
      } else {
        fields.skip();
      }
    }
    return image;
  }

  public static Status imageStatus(byte[] message) throws ProtoException {
    ImageSpec image = ImageSpec.NONE;
    boolean verbose = false;
    ProtoReader fields = new ProtoReader("ImageStatusRequest", message);
    while (fields.next()) {
      switch (fields.field()) {
        case 1 -> image = ImageSpec.decode(fields.bytes());
        case 2 -> verbose = fields.number() != 0;
        default -> fields.skip();
      }
    }
    return new Status(image, verbose);
  }

  /// Whether the status of the runtime is to be told with everything.
  public static boolean verbose(byte[] message) throws ProtoException {
    boolean verbose = false;
    ProtoReader fields = new ProtoReader("StatusRequest", message);
    while (fields.next()) {
      if (fields.field() == 1) {
        verbose = fields.number() != 0;
      } else {
        fields.skip();
      }
    }
    return verbose;
  }
}
