package io.sealift.cri.message;

import io.sealift.wire.ProtoException;
import io.sealift.wire.ProtoReader;
import java.util.LinkedHashMap;
import java.util.Map;

/// Which image a client means, and for whom.
///
/// @param image a reference, an image id, or the first digits of one
/// @param annotations what the client has to say besides
/// @param userSpecifiedImage what a user wrote where the client knows it
/// @param runtimeHandler empty for the usual one
/// @param imageRef the id of an image that is used as a volume
public record ImageSpec(
    String image,
    Map<String, String> annotations,
    String userSpecifiedImage,
    String runtimeHandler,
    String imageRef) {

  /// What is meant where a message has none.
  public static final ImageSpec NONE = new ImageSpec("", Map.of(), "", "", "");

  public ImageSpec {
    annotations = Map.copyOf(annotations);
  }

  static ImageSpec decode(byte[] message) throws ProtoException {
    String image = "";
    Map<String, String> annotations = new LinkedHashMap<>();
    String userSpecifiedImage = "";
    String runtimeHandler = "";
    String imageRef = "";
    ProtoReader fields = new ProtoReader("ImageSpec", message);
    while (fields.next()) {
      switch (fields.field()) {
        case 1 -> image = fields.text();
        case 2 -> Entries.read(fields, annotations);
        case 18 -> userSpecifiedImage = fields.text();
        case 19 -> runtimeHandler = fields.text();
        case 20 -> imageRef = fields.text();
        default -> fields.skip();
      }
    }
    return new ImageSpec(image, annotations, userSpecifiedImage, runtimeHandler, imageRef);
  }
}
