package io.sealift.cri.image;

import io.sealift.cri.message.Image;
import io.sealift.store.ImageRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// What a node calls one image: all records of a store with one config, under however many names,
/// from however many manifests.
///
/// @param records the one pulled last first; at least one
record NodeImage(String id, List<ImageRecord> records) {

  NodeImage {
    records = List.copyOf(records);
  }

  /// The images of these records, in the order of their first one.
  static List<NodeImage> of(List<ImageRecord> records) {
    Map<String, List<ImageRecord>> byId = new LinkedHashMap<>();
    records.forEach(record ->
        byId.computeIfAbsent(record.imageId().toString(), _ -> new ArrayList<>()).add(record));
    return byId.entrySet().stream()
        .map(entry -> new NodeImage(entry.getKey(), entry.getValue()))
        .toList();
  }

  /// The record that says how large it is, and what is told of it.
  ImageRecord latest() {
    return records.getFirst();
  }

  /// Whether the store has it under this name.
  boolean isCalled(String stored) {
    return records.stream()
        .anyMatch(record -> record.names().contains(stored) || record.digests().contains(stored));
  }

  /// The digits of its id.
  String digits() {
    return id.substring(id.indexOf(':') + 1);
  }

  Image told(Details details, Pins pins) {
    List<String> tags = all(ImageRecord::names);
    List<String> digests = all(ImageRecord::digests);
    return new Image(
        id,
        Names.shown(tags.stream().filter(name -> name.indexOf('@') < 0).toList()),
        Names.shown(digests),
        details.size(),
        details.uid(),
        details.username(),
        records.stream().anyMatch(record -> record.pinned() || pins.hold(record)));
  }

  private List<String> all(Function<ImageRecord, List<String>> names) {
    return records.stream().map(names).flatMap(Collection::stream).toList();
  }
}
