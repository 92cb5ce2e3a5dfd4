package io.sealift.cri.image;

import io.sealift.cri.message.Image;
import io.sealift.failure.BadReferenceException;
import io.sealift.failure.ImageException;
import io.sealift.snapshot.Snapshotter;
import io.sealift.store.ImageRecord;
import io.sealift.store.Store;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The images of one store as a node knows them: listed, looked up, removed. What is written is
/// seen by the next who asks. Thread-safe.
public final class NodeImages {

  private final Path workDir;
  private final Snapshotter snapshotter;
  private final Details.Memory details = new Details.Memory();

  public NodeImages(Path workDir, Snapshotter snapshotter) {
    this.workDir = workDir;
    this.snapshotter = snapshotter;
  }

  /// An image that was found.
  ///
  /// @param info all that is known of it as JSON, by what it is about; empty unless it was asked
  ///   for
  public record Found(Image image, Map<String, String> info) {}

  /// All images, the one pulled last first.
  public List<Image> all(Pins pins) throws ImageException, InterruptedIOException {
    try (Store store = open()) {
      List<ImageRecord> records = store.images();
      details.keep(records);
      List<Image> images = new ArrayList<>();
      for (NodeImage image : NodeImage.of(records)) {
        images.add(told(store, image, pins));
      }
      return images;
    }
  }

  /// The image that a client means; empty when the store has none like that.
  ///
  /// @param wanted an id or its first digits, or a name
  /// @param verbose whether to tell all
  /// @throws BadReferenceException when nothing is wanted, or what is fits several images
  public Optional<Found> find(String wanted, ShortNames shortNames, Pins pins, boolean verbose)
      throws ImageException, InterruptedIOException {
    requireWanted(wanted);
    try (Store store = open()) {
      Optional<NodeImage> image = lookup(store, shortNames).find(wanted);
      if (image.isEmpty()) {
        return Optional.empty();
      }
      return Optional.of(
          new Found(
              told(store, image.get(), pins), verbose ? Info.of(store, image.get()) : Map.of()));
    }
  }

  /// Removes the image that a client means, with all its names. Nothing happens when there is none.
  /// Its layers stay until they are collected.
  ///
  /// @return the id of what is gone
  /// @throws BadReferenceException when nothing is wanted, or what is fits several images
  public Optional<String> remove(String wanted, ShortNames shortNames)
      throws ImageException, InterruptedIOException {
    requireWanted(wanted);
    try (Store store = Store.open(workDir, snapshotter)) {
      Optional<NodeImage> image = lookup(store, shortNames).find(wanted);
      if (image.isPresent()) {
        for (ImageRecord record : image.get().records()) {
          store.remove(record, false);
        }
      }
      return image.map(NodeImage::id);
    }
  }

  private Store open() throws ImageException, InterruptedIOException {
    return Store.openExisting(workDir, snapshotter);
  }

  private static Lookup lookup(Store store, ShortNames shortNames) throws ImageException {
    return new Lookup(NodeImage.of(store.images()), shortNames);
  }

  private Image told(Store store, NodeImage image, Pins pins) throws ImageException {
    return image.told(details.of(store, image.latest()), pins);
  }

  private static void requireWanted(String wanted) throws BadReferenceException {
    if (wanted.isEmpty()) {
      throw new BadReferenceException("find image: expected a name or an id, found none");
    }
  }
}
