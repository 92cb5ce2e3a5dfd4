package io.sealift.cli.options;

import io.sealift.cli.console.Surroundings;
import io.sealift.failure.BadReferenceException;
import io.sealift.imageconfig.ByteSize;
import io.sealift.imageconfig.Setting;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How layers are kept and stacked.
public final class StackingOptions {

  @Option(
      names = "--snapshotter",
      paramLabel = "NAME",
      order = 41,
      defaultValue = "auto",
      description =
          "Stack layers by one of: ${COMPLETION-CANDIDATES}. auto is overlay where this process may"
              + " mount it for good, else copy. Default: ${DEFAULT-VALUE}.")
  Stacking snapshotter = Stacking.auto;

  @Option(
      names = "--store-limit",
      paramLabel = "SIZE",
      order = 42,
      converter = SizeConverter.class,
      description =
          "Refuse images for which the store has no room when the tars of its layers may have no more"
              + " bytes than this. Default: as many as the file system has room for.")
  @Nullable Long storeLimit;

  /// @throws BadReferenceException when a setting says something else than a size
  public long storeLimit(Surroundings surroundings) throws BadReferenceException {
    if (storeLimit != null) {
      return storeLimit;
    }
    return ByteSize.orUnbounded(surroundings.settingWithOrigin(Setting.STORE_LIMIT));
  }

  public Stacking snapshotter() {
    return snapshotter;
  }

  /// Ways to stack layers, named as on the command line.
  @SuppressWarnings("MemberName")
  public enum Stacking {
    auto,
    overlay,
    copy
  }
}
