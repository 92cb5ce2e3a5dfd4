package io.sealift.oci;

import static io.sealift.oci.JsonText.config;
import static io.sealift.oci.JsonText.descriptor;
import static io.sealift.oci.JsonText.digest;
import static io.sealift.oci.JsonText.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImageViewTest {

  private static final String HUGE =
      descriptor(
          "application/vnd.oci.image.layer.v1.tar+zstd+encrypted",
          digest('2'),
          "9223372036854775807",
          "");

  private static ImageView view(String config, String... layers) throws Exception {
    byte[] bytes = json(config);
    byte[] manifest = json(JsonText.manifest(descriptor(JsonText.CONFIG_TYPE, bytes), layers));
    return ImageView.of((Manifest) Document.parse(manifest, null), ImageConfig.parse(bytes));
  }

  @Test
  void putsTogetherWhatBelongsTogether() throws Exception {
    ImageView view =
        view(
            config(
                "ab",
                ",'history':[{'created_by':'x'},{'created_by':'env','empty_layer':true},{'created_by':'y'}]"),
            JsonText.layer('1'),
            HUGE);
    assertEquals(
        List.of("x", "y"), view.layers().stream().map(ImageView.Layer::createdBy).toList());
    assertEquals(
        List.of(digest('a'), digest('b')),
        view.layers().stream().map(layer -> layer.diffId().toString()).toList());
    assertEquals(
        List.of("gzip", "zstd"), view.layers().stream().map(ImageView.Layer::compression).toList());
    assertEquals(
        List.of(false, true), view.layers().stream().map(ImageView.Layer::isEncrypted).toList());
    assertEquals(Long.MAX_VALUE, view.size());
  }

  @Test
  void doesNotGuessWhichStepMadeALayer() throws Exception {
    ImageView view =
        view(config("ab", ",'history':[{'created_by':'x'}]"), JsonText.layer('1'), HUGE);
    assertEquals(
        Arrays.asList(null, null), view.layers().stream().map(ImageView.Layer::createdBy).toList());
  }

  @Test
  void refusesTheConfigOfAnotherImage() {
    assertThrows(
        IllegalArgumentException.class, () -> view(config("a", ""), JsonText.layer('1'), HUGE));
  }
}
