package io.sealift.cli;

import io.sealift.oci.Platform;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.ImageBuilder.Form;
import io.sealift.testing.Packing;
import io.sealift.testing.TarBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The same small tree in everything that an image can be packed into.
final class PackedImages {

  private PackedImages() {}

  static List<TreeImage> all() {
    List<TreeImage> images = new ArrayList<>();
    for (Form form : Form.values()) {
      for (Packing packing : Packing.values()) {
        images.add(
            new TreeImage(
                form + " " + packing,
                false,
                image(form, Platform.host(), packing),
                image(form, Platform.host(), Packing.GZIP)));
      }
      images.add(new TreeImage(form + " of several packings", false, mixed(form)));
      images.add(new TreeImage(form + " index of platforms", false, index(form)));
    }
    return images;
  }

  private static BuiltImage image(Form form, Platform platform, Packing packing) {
    return new ImageBuilder(form)
        .platform(platform)
        .layer(lower(), packing)
        .layer(upper(platform.architecture()), packing)
        .build();
  }

  private static BuiltImage mixed(Form form) {
    return new ImageBuilder(form)
        .layer(lower(), Packing.TAR)
        .layer(upper("x"), Packing.GZIP_MEMBERS)
        .layer(new TarBuilder().file("d/last", "z").build(), Packing.GZIP)
        .build();
  }

  /// That of this machine is neither the first nor the last.
  private static BuiltImage index(Form form) {
    Map<Platform, BuiltImage> images = new LinkedHashMap<>();
    List<Platform> platforms =
        List.of(
            new Platform("linux", "s390x", null),
            Platform.host(),
            new Platform("linux", "riscv64", null));
    for (Platform platform : platforms) {
      images.put(platform, image(form, platform, Packing.GZIP));
    }
    return ImageBuilder.index(form, images);
  }

  private static byte[] lower() {
    return TreeImage.base()
        .directory("d")
        .file("d/long", "content ".repeat(10_000))
        .file("d/gone", "x")
        .symlink("link", "d/long")
        .build();
  }

  private static byte[] upper(String content) {
    return new TarBuilder().file("d/.wh.gone", "").file("d/new", content).build();
  }
}
