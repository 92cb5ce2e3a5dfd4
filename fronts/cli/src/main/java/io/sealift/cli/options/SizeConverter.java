package io.sealift.cli.options;

import io.sealift.imageconfig.ByteSize;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads `64K`, `1.5G`.
public final class SizeConverter implements ITypeConverter<Long> {

  @Override
  public Long convert(String text) {
    return ByteSize.parse(text)
        .orElseThrow(() -> new TypeConversionException("expected a size such as 512, 64K or 1.5G"));
  }
}
