package io.sealift.cri.image;

import io.sealift.cri.message.Image;
import io.sealift.failure.BadReferenceException;
import io.sealift.failure.ImageException;
import io.sealift.failure.StoreException;
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
        told(store, image, pins).ifPresent(images::add);
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
      NodeImage image = lookup(store, shortNames).find(wanted).orElse(null);
      return image == null
          ? Optional.empty()
          : unlessItWent(
              store,
              image,
              () ->
                  new Found(
                      image.told(details.of(store, image.latest()), pins),
                      verbose ? Info.of(store, image) : Map.of()));
    }
  }

  /// Has the store spare the images that are pinned: other processes collect there too.
  public void pin(Pins pins) throws ImageException, InterruptedIOException {
    try (Store store = Store.open(workDir, snapshotter)) {
      for (ImageRecord image : store.images()) {
        if (!image.pinned() && pins.hold(image)) {
          store.pin(image, true);
        }
      }
    }
  }

  /// The same for one that was just brought in.
  public void pin(ImageRecord image, Pins pins) throws ImageException, InterruptedIOException {
    if (!image.pinned() && pins.hold(image)) {
      try (Store store = Store.open(workDir, snapshotter)) {
        store.pin(image, true);
      }
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

  private Optional<Image> told(Store store, NodeImage image, Pins pins) throws ImageException {
    return unlessItWent(store, image, () -> image.told(details.of(store, image.latest()), pins));
  }

  /// Reads what is to be told of an image.
  private interface Telling<T> {
    T tell() throws ImageException;
  }

  /// An image may be removed while it is read, and is none then.
  private static <T> Optional<T> unlessItWent(Store store, NodeImage image, Telling<T> telling)
      throws ImageException {
    try {
      return Optional.of(telling.tell());
    } catch (StoreException unreadable) {
      String manifest = image.latest().manifestDigest().toString();
      if (store.find(manifest).isPresent()) {
        throw unreadable;
      }
      return Optional.empty();
    }
  }

  private static void requireWanted(String wanted) throws BadReferenceException {
    if (wanted.isEmpty()) {
      throw new BadReferenceException("find image: expected a name or an id, found none");
    }
  }
}
