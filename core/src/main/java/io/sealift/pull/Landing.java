package io.sealift.pull;

import io.sealift.failure.ImageException;
import io.sealift.unpack.TreeSink;
import java.io.OutputStream;

/// Where one layer goes. Begun anew for every try to bring it in: what an earlier one left there
/// was not the layer, and is gone then.
interface Landing {

  /// An empty place for the layer's tree. The caller closes the sink.
  TreeSink begin() throws ImageException;

  /// Where the tar's bytes that are no file content go; asked for after {@link #begin}.
  default OutputStream split() throws ImageException {
    return OutputStream.nullOutputStream();
  }

  /// Hears, before they come, that there are so many bytes of the tar now.
  ///
  /// @throws ImageException when there is no room for them
  default void grow(long tarBytes) throws ImageException {}
}
