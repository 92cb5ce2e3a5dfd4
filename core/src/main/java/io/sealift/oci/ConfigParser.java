package io.sealift.oci;

import io.sealift.failure.UnsafeContentException;
import io.sealift.failure.UnsupportedImageException;
import io.sealift.json.JsonLimits;
import io.sealift.json.JsonObject;
import io.sealift.json.JsonReader;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// Reads image configs (OCI image specification, config.md; Docker's have the same members and
/// more).
final class ConfigParser {

  private ConfigParser() {}

  static ImageConfig parse(byte[] bytes) throws UnsafeContentException, UnsupportedImageException {
    JsonObject json = JsonReader.readObject(bytes, "image config", JsonLimits.DEFAULT);
    return new ImageConfig(
        new Platform(
            json.string("os"),
            json.string("architecture"),
            json.optionalString("variant").orElse(null)),
        json.optionalString("variant").orElse(null),
        json.optionalString("os.version").orElse(null),
        json.strings("os.features"),
        json.optionalString("created").orElse(null),
        json.optionalString("author").orElse(null),
        diffIds(json.object("rootfs")),
        history(json),
        execution(json));
  }

  private static List<DiffId> diffIds(JsonObject rootfs)
      throws UnsafeContentException, UnsupportedImageException {
    String type = rootfs.string("type");
    if (!type.equals("layers")) {
      throw new UnsupportedImageException(
          "read image config: /rootfs/type is '%s', expected layers".formatted(type));
    }
    List<DiffId> diffIds = new ArrayList<>();
    for (String text : rootfs.strings("diff_ids")) {
      String place = rootfs.place() + "/diff_ids/" + diffIds.size();
      diffIds.add(new DiffId(Digest.parse(text, place)));
    }
    return diffIds;
  }

  private static List<ImageConfig.History> history(JsonObject json) throws UnsafeContentException {
    List<ImageConfig.History> steps = new ArrayList<>();
    for (JsonObject step : json.objects("history")) {
      steps.add(
          new ImageConfig.History(
              step.optionalString("created").orElse(null),
              step.optionalString("created_by").orElse(null),
              step.optionalString("comment").orElse(null),
              step.bool("empty_layer", false)));
    }
    return steps;
  }

  private static Execution execution(JsonObject json) throws UnsafeContentException {
    JsonObject config = json.optionalObject("config").orElse(null);
    if (config == null) {
      return Execution.NONE;
    }
    return new Execution(
        config.optionalString("User").orElse(""),
        config.strings("Env"),
        config.strings("Entrypoint"),
        config.strings("Cmd"),
        config.optionalString("WorkingDir").orElse(""),
        names(config, "ExposedPorts"),
        names(config, "Volumes"),
        config.stringMap("Labels"),
        config.optionalString("StopSignal").orElse(null));
  }

  private static SortedSet<String> names(JsonObject config, String member)
      throws UnsafeContentException {
    return new TreeSet<>(
        config.optionalObject(member).map(JsonObject::names).orElse(java.util.Set.of()));
  }
}
