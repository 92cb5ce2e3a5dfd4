package io.sealift.cli.progress;

import io.sealift.oci.Descriptor;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;

/// The layers of one image and how far they came. Thread-safe.
final class Layers {

  private final ConcurrentSkipListMap<Integer, LayerState> states = new ConcurrentSkipListMap<>();

  /// All layers are known now, waiting.
  void begin(List<Descriptor> layers) {
    states.clear();
    for (int index = 0; index < layers.size(); index++) {
      states.put(index, new LayerState(index, layers.get(index)));
    }
  }

  LayerState state(int index, Descriptor layer) {
    return states.computeIfAbsent(index, _ -> new LayerState(index, layer));
  }

  void fetched(int index, long bytes) {
    LayerState state = states.get(index);
    if (state != null) {
      state.fetched(bytes);
    }
  }

  int count() {
    return states.size();
  }

  List<LayerState> active() {
    return states.values().stream().filter(LayerState::isActive).toList();
  }

  long over() {
    return states.values().stream().filter(LayerState::isOver).count();
  }

  long doneBytes() {
    return states.values().stream().mapToLong(LayerState::done).sum();
  }

  long allBytes() {
    return states.values().stream().mapToLong(LayerState::size).sum();
  }
}
