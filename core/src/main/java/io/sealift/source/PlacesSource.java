package io.sealift.source;

import io.sealift.failure.ImageException;
import io.sealift.failure.TransferException;
import io.sealift.oci.Descriptor;
import io.sealift.oci.Digest;
import io.sealift.oci.Document;
import io.sealift.oci.Reference;
import io.sealift.verify.ExpectedBytes;
import io.sealift.verify.Hashing;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One image that may be had from several places. The first that gives a sound manifest is asked
/// for everything else too, and what it does not give is asked of the others, in order:
///
/// | what | where | until |
/// |---|---|---|
/// | the manifest | all, in order | one parses, and has the digest that was asked for or said |
/// | manifests by digest | that one, then the others | one has its digest |
/// | blobs | that one, then the others, going on where the one before broke off | one gave it, and it proves, see {@link PlacesBlob} |
/// | signatures and referrers | that one only, as containers/image does | |
///
/// What a place gives is believed no more than if it were the only one: whoever reads a blob checks
/// it as a whole. Streams that were {@link #open opened} rather than {@link #read} are not begun
/// anew.
public final class PlacesSource implements ImageSource, LayerSource.Ranged {

  private final Reference name;
  private final List<Opened> places;
  private final Hashing hashing;
  private volatile @Nullable Opened chosen;
  private volatile boolean closed;

  /// Opens one place; the caller closes it.
  public interface Opener {

    /// @param last whether no other place is left to take its part when it fails
    ImageSource open(Place place, boolean last) throws ImageException, InterruptedIOException;
  }

  private PlacesSource(Reference name, List<Opened> places, Hashing hashing) {
    this.name = name;
    this.places = places;
    this.hashing = hashing;
  }

  /// The places of an image, of which each is opened when it is its turn. Where there is only one,
  /// it is that one.
  public static ImageSource of(Reference name, List<Place> places, Opener opener, Hashing hashing)
      throws ImageException, InterruptedIOException {
    if (places.size() == 1) {
      return opener.open(places.getFirst(), true);
    }
    List<Opened> tried = new ArrayList<>();
    for (Place place : places) {
      tried.add(new Opened(place, tried.size() == places.size() - 1, opener));
    }
    return new PlacesSource(name, List.copyOf(tried), hashing);
  }

  /// A place, opened when it is first asked for anything.
  private static final class Opened {

    private final Place place;
    private final boolean last;
    private final Opener opener;
    private @Nullable ImageSource source;
    private boolean closed;

    Opened(Place place, boolean last, Opener opener) {
      this.place = place;
      this.last = last;
      this.opener = opener;
    }

    synchronized ImageSource source() throws ImageException, InterruptedIOException {
      ImageSource known = source;
      if (known == null) {
        if (closed) {
          throw TransferException.lasting(
              "open %s: closed meanwhile".formatted(place.where()), null);
        }
        known = opener.open(place, last);
        source = known;
      }
      return known;
    }

    synchronized void close() {
      closed = true;
      if (source != null) {
        source.close();
      }
    }
  }

  @Override
  public String place() {
    Opened known = chosen;
    return known == null ? "any place of " + name : placeOf(known);
  }

  private static String placeOf(Opened opened) {
    ImageSource source;
    synchronized (opened) {
      source = opened.source;
    }
    return source == null ? opened.place.where() : source.place();
  }

  @Override
  public Optional<Reference> reference() {
    Opened known = chosen;
    return known != null && known.place instanceof Place.Repository repository
        ? Optional.of(repository.reference())
        : Optional.empty();
  }

  @Override
  public ManifestBytes manifest() throws ImageException, InterruptedIOException {
    Tried tried = new Tried("find " + name);
    for (Opened candidate : places) {
      if (name.digest() == null ? candidate.place.knowsTags() : candidate.place.hasContent()) {
        try {
          ManifestBytes found = candidate.source().manifest();
          from(candidate, () -> check(found));
          chosen = candidate;
          return found;
        } catch (ImageException failed) {
          next(tried, candidate, failed);
        }
      }
    }
    throw tried.failure();
  }

  /// What a place says of a name is worth trying only if it is a manifest, and the right one.
  private void check(ManifestBytes found) throws ImageException {
    Digest expected = name.digest() == null ? found.digest() : name.digest();
    if (expected != null) {
      new ExpectedBytes("manifest of " + name, expected, ExpectedBytes.UNKNOWN_SIZE)
          .check(found.bytes(), hashing);
    }
    Document.parse(found.bytes(), found.declared());
  }

  /// Checks what a place gave, and names the place when it is not good.
  private static void from(Opened place, Check check) throws ImageException {
    try {
      check.run();
    } catch (ImageException bad) {
      throw Tried.from(List.of(placeOf(place)), bad);
    }
  }

  private interface Check {
    void run() throws ImageException;
  }

  /// Notes a failure, or ends everything when it is no fault of the place.
  private void next(Tried tried, Opened candidate, ImageException failed) throws ImageException {
    tried.failed(candidate.place, failed);
    if (closed) {
      throw failed;
    }
  }

  @Override
  public ManifestBytes manifest(Descriptor child) throws ImageException, InterruptedIOException {
    Tried tried = new Tried("find manifest %s of %s".formatted(child.digest(), name));
    for (Opened candidate : withContent()) {
      try {
        ManifestBytes found = candidate.source().manifest(child);
        from(candidate, () -> ExpectedBytes.of("manifest", child).check(found.bytes(), hashing));
        return found;
      } catch (ImageException failed) {
        next(tried, candidate, failed);
      }
    }
    throw tried.failure();
  }

  /// Those that give what has a digest, the one that gave the manifest first.
  private List<Opened> withContent() {
    Opened first = chosen;
    List<Opened> order = new ArrayList<>();
    if (first != null && first.place.hasContent()) {
      order.add(first);
    }
    places.stream().filter(other -> other != first && other.place.hasContent()).forEach(order::add);
    return order;
  }

  private ImageSource first() throws ImageException, InterruptedIOException {
    if (chosen == null) {
      manifest();
    }
    return Objects.requireNonNull(chosen).source();
  }

  @Override
  public Optional<ManifestBytes> tagged(String tag) throws ImageException, InterruptedIOException {
    return first().tagged(tag);
  }

  @Override
  public List<Descriptor> referrers(Digest subject, int limit)
      throws ImageException, InterruptedIOException {
    return first().referrers(subject, limit);
  }

  @Override
  public List<byte[]> simpleSignatures(Digest manifest, int limit, int maxBytes)
      throws ImageException, InterruptedIOException {
    return first().simpleSignatures(manifest, limit, maxBytes);
  }

  @Override
  public BlobStream open(Descriptor blob) throws ImageException, InterruptedIOException {
    return open(blob, 0);
  }

  @Override
  public BlobStream open(Descriptor blob, long offset)
      throws ImageException, InterruptedIOException {
    PlacesBlob stream = blob(blob, offset);
    stream.begin();
    return stream;
  }

  @Override
  public <T> T read(Descriptor blob, Reader<T> reader)
      throws ImageException, InterruptedIOException {
    return PlacesBlob.read(blob(blob, 0), reader);
  }

  private PlacesBlob blob(Descriptor blob, long offset) {
    List<PlacesBlob.From> from = new ArrayList<>();
    for (Opened candidate : withContent()) {
      from.add(new PlacesBlob.From(candidate.place, candidate::source));
    }
    return new PlacesBlob(name, blob, from, offset);
  }

  @Override
  public void close() {
    closed = true;
    places.forEach(Opened::close);
  }
}
