package io.sealift.store;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.json.JsonLimits;
import io.sealift.json.JsonObject;
import io.sealift.json.JsonReader;
import io.sealift.json.JsonValue;
import io.sealift.json.JsonWriter;
import io.sealift.oci.DiffId;
import io.sealift.unpack.LayerPath;
import io.sealift.unpack.TreeSummary;
import io.sealift.unpack.TreeSummary.Loss;
import io.sealift.unpack.TreeSummary.PendingLink;
import io.sealift.unpack.TreeSummary.WithheldMode;
import io.sealift.unpack.UnpackLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The file `layer.json` beside a layer's tree:
///
/// ```json
/// {"tarBytes":2560,"implied":["a/b"],
///  "pendingLinks":[{"path":"x%0A","target":"y"}],
///  "withheld":[{"path":"etc/shadow","mode":0}],
///  "losses":[{"what":"owner","entries":3,"first":"a","reason":"not root"}],
///  "seal":"b0…"}
/// ```
///
/// @param seal see {@link StoredLayer#seal}; not written when there is none
record LayerFile(long tarBytes, TreeSummary summary, @Nullable String seal) {

  /// Bytes of the file, written and read. Only a layer made for it comes near: 16 MiB are a hundred
  /// thousand directories that have no entry of their own.
  static final int MAX_BYTES = 16 << 20;

  private static final JsonLimits LIMITS = new JsonLimits(MAX_BYTES, 8);

  private static final int MAX_MODE = 07777;

  /// Whatever bounds the layer was unpacked with, its paths are within these.
  static final UnpackLimits ANY_PATH =
      new UnpackLimits(
          0, 0, 0, 0, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, 0, 0, 0);

  byte[] write(DiffId layer) throws StoreException {
    TreeMap<String, Object> json = new TreeMap<>();
    json.put("tarBytes", tarBytes);
    json.put("implied", summary.implied().stream().map(LayerFile::text).toList());
    json.put("pendingLinks", summary.pendingLinks().stream().map(LayerFile::link).toList());
    if (!summary.withheld().isEmpty()) {
      json.put("withheld", summary.withheld().stream().map(LayerFile::withheld).toList());
    }
    json.put("losses", summary.losses().stream().map(LayerFile::loss).toList());
    if (seal != null) {
      json.put("seal", seal);
    }
    byte[] bytes = JsonWriter.compact(JsonValue.of(json));
    if (bytes.length > MAX_BYTES) {
      throw new StoreException(
          "commit layer %s: its directories and links without entries take %d bytes, more than the %d allowed"
              .formatted(layer, bytes.length, MAX_BYTES));
    }
    return bytes;
  }

  static LayerFile read(byte[] bytes, String subject) throws UnsafeContentException {
    JsonObject json = JsonReader.readObject(bytes, subject, LIMITS);
    List<LayerPath> implied = new ArrayList<>();
    for (String path : json.strings("implied")) {
      implied.add(path(path));
    }
    List<PendingLink> links = new ArrayList<>();
    for (JsonObject link : json.objects("pendingLinks")) {
      links.add(new PendingLink(path(link.string("path")), path(link.string("target"))));
    }
    List<WithheldMode> withheld = new ArrayList<>();
    for (JsonObject mode : json.objects("withheld")) {
      withheld.add(withheld(mode, subject));
    }
    List<Loss> losses = new ArrayList<>();
    for (JsonObject loss : json.objects("losses")) {
      losses.add(
          new Loss(
              loss.string("what"),
              loss.integer("entries"),
              path(loss.string("first")),
              loss.string("reason")));
    }
    long tarBytes = json.integer("tarBytes");
    if (tarBytes < 0) {
      throw new UnsafeContentException("read %s: negative /tarBytes".formatted(subject));
    }
    return new LayerFile(
        tarBytes,
        new TreeSummary(implied, links, withheld, losses),
        json.optionalString("seal").orElse(null));
  }

  private static JsonValue link(PendingLink link) {
    return JsonValue.of(
        new TreeMap<>(Map.of("path", text(link.path()), "target", text(link.target()))));
  }

  private static JsonValue withheld(WithheldMode withheld) {
    return JsonValue.of(
        new TreeMap<>(Map.of("path", text(withheld.path()), "mode", (long) withheld.mode())));
  }

  private static WithheldMode withheld(JsonObject json, String subject)
      throws UnsafeContentException {
    long mode = json.integer("mode");
    if (mode < 0 || mode > MAX_MODE) {
      throw new UnsafeContentException(
          "read %s: mode %d, expected 0 to %d".formatted(subject, mode, MAX_MODE));
    }
    return new WithheldMode(path(json.string("path")), (int) mode);
  }

  private static JsonValue loss(Loss loss) {
    return JsonValue.of(
        new TreeMap<>(
            Map.of(
                "what", loss.what(),
                "entries", loss.entries(),
                "first", text(loss.first()),
                "reason", loss.reason())));
  }

  private static String text(LayerPath path) {
    return ByteText.of(path.bytes());
  }

  private static LayerPath path(String text) throws UnsafeContentException {
    return LayerPath.of(ByteText.parse(text), ANY_PATH);
  }
}
