package io.sealift.testing;

import io.sealift.unpack.LayerPath;
import io.sealift.unpack.TreeSink;
import java.util.SortedMap;

class MemorySinkTest extends TreeSinkContract {

  private final MemorySink sink = new MemorySink();

  @Override
  protected TreeSink begin() {
    return sink;
  }

  @Override
  protected SortedMap<LayerPath, TreeEntry> look() {
    return sink.tree();
  }
}
