package io.sealift.cli.options;

import io.sealift.cli.console.Surroundings;
import io.sealift.failure.BadReferenceException;
import io.sealift.imageconfig.Configuration;
import io.sealift.imageconfig.Setting;
import io.sealift.pull.ImageClient;
import io.sealift.unpack.UnpackLimits;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// Bounds on what layers unpack to, and how many are fetched at once.
public final class LimitOptions {

  @Option(
      names = "--max-concurrent-downloads",
      paramLabel = "N",
      order = 50,
      converter = Downloads.class,
      description = "Fetch so many layers side by side, 1 to 64. Default: 3.")
  @Nullable Integer maxConcurrentDownloads;

  @Option(
      names = "--max-layer-bytes",
      paramLabel = "SIZE",
      order = 60,
      defaultValue = "64G",
      converter = SizeConverter.class,
      description = "Refuse a layer whose tar is larger. Default: ${DEFAULT-VALUE}.")
  long maxLayerBytes = 64L << 30;

  @Option(
      names = "--max-file-bytes",
      paramLabel = "SIZE",
      order = 61,
      defaultValue = "64G",
      converter = SizeConverter.class,
      description = "Refuse a larger file, holes included. Default: ${DEFAULT-VALUE}.")
  long maxFileBytes = 64L << 30;

  @Option(
      names = "--max-ratio",
      paramLabel = "N",
      order = 62,
      defaultValue = "1000",
      description =
          "Refuse a layer of which a compressed byte becomes more than so many plain ones, once it"
              + " passed 1 GiB. Default: ${DEFAULT-VALUE}.")
  int maxRatio = 1000;

  @Option(
      names = "--max-entries",
      paramLabel = "N",
      order = 63,
      defaultValue = "2000000",
      description = "Refuse a layer with more entries. Default: ${DEFAULT-VALUE}.")
  long maxEntries = 2_000_000;

  @Option(
      names = "--max-depth",
      paramLabel = "N",
      order = 64,
      defaultValue = "256",
      converter = Depth.class,
      description = "Refuse paths with more components; at most 512. Default: ${DEFAULT-VALUE}.")
  int maxDepth = 256;

  @Option(
      names = "--max-path-bytes",
      paramLabel = "SIZE",
      order = 65,
      defaultValue = "4K",
      converter = SizeConverter.class,
      description =
          "Refuse longer paths and targets of links. Programs open longer paths in parts only."
              + " Default: ${DEFAULT-VALUE}.")
  long maxPathBytes = 4096;

  @Option(
      names = "--max-xattr-bytes",
      paramLabel = "SIZE",
      order = 66,
      defaultValue = "64K",
      converter = SizeConverter.class,
      description = "Refuse larger values of extended attributes. Default: ${DEFAULT-VALUE}.")
  long maxXattrBytes = 1 << 16;

  @Option(
      names = "--max-sparse-regions",
      paramLabel = "N",
      order = 67,
      defaultValue = "65536",
      description = "Refuse sparse files with more regions. Default: ${DEFAULT-VALUE}.")
  int maxSparseRegions = 1 << 16;

  /// @throws BadReferenceException when a setting says something else than 1 to 64
  public int concurrentLayers(Surroundings surroundings) throws BadReferenceException {
    if (maxConcurrentDownloads != null) {
      return maxConcurrentDownloads;
    }
    Optional<Configuration.Value> set =
        surroundings.settingWithOrigin(Setting.CONCURRENT_DOWNLOADS);
    if (set.isEmpty()) {
      return ImageClient.Builder.CONCURRENT_LAYERS;
    }
    return Downloads.parse(set.get().text())
        .orElseThrow(() ->
            new BadReferenceException(
                "read %s: expected 1 to %d, found '%s'"
                    .formatted(
                        set.get().origin(),
                        ImageClient.Builder.MAX_CONCURRENT_LAYERS,
                        set.get().text())));
  }

  public UnpackLimits limits() {
    UnpackLimits standard = UnpackLimits.DEFAULT;
    return new UnpackLimits(
        maxLayerBytes,
        maxFileBytes,
        maxRatio,
        maxEntries,
        maxDepth,
        standard.maxNameBytes(),
        (int) Math.min(maxPathBytes, standard.maxExtensionBytes()),
        standard.maxExtensionBytes(),
        (int) Math.min(maxXattrBytes, Integer.MAX_VALUE),
        maxSparseRegions);
  }

  /// Reads 1 to {@link ImageClient.Builder#MAX_CONCURRENT_LAYERS}.
  static final class Downloads implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      return parse(text)
          .orElseThrow(() ->
              new TypeConversionException(
                  "expected 1 to " + ImageClient.Builder.MAX_CONCURRENT_LAYERS));
    }

    static Optional<Integer> parse(String text) {
      return Optional.of(text)
          .filter(number -> number.matches("[1-9][0-9]?"))
          .map(Integer::valueOf)
          .filter(number -> number <= ImageClient.Builder.MAX_CONCURRENT_LAYERS);
    }
  }

  /// Reads 1 to {@link UnpackLimits#MAX_DEPTH}.
  static final class Depth implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      int depth = text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : 0;
      if (depth < 1 || depth > UnpackLimits.MAX_DEPTH) {
        throw new TypeConversionException("expected 1 to " + UnpackLimits.MAX_DEPTH);
      }
      return depth;
    }
  }
}
