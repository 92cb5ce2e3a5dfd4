package io.sealift.registry;

import io.sealift.failure.ImageException;
import io.sealift.failure.TransferException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.oci.Descriptor;
import io.sealift.oci.Document;
import io.sealift.oci.Index;
import io.sealift.oci.MediaType;
import io.sealift.source.ManifestBytes;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a registry answers when it is asked for referrers, page after page (OCI distribution
/// specification, Listing Referrers). Used by one thread.
final class ReferrerPages {

  /// Pages of one answer, and bytes of all of them (16 MiB): registries put a hundred or a thousand
  /// entries of half a kilobyte on a page.
  private static final int MAX_PAGES = 100;

  private static final int MAX_BYTES = 16 << 20;

  private final String subject;
  private final int limit;
  private final Get get;
  private final Refusal refusal;
  private final List<Descriptor> found = new ArrayList<>();
  private int bytesLeft = MAX_BYTES;

  /// Asks the registry for a page. The answer is of any status.
  interface Get {
    Response page(Location location) throws ImageException, InterruptedIOException;
  }

  /// What an answer means that gives no page; closes it.
  interface Refusal {
    ImageException of(Response response, String operation) throws InterruptedIOException;
  }

  /// @param subject for messages: `referrers of x`
  /// @param limit how many are wanted at most
  ReferrerPages(String subject, int limit, Get get, Refusal refusal) {
    this.subject = subject;
    this.limit = limit;
    this.get = get;
    this.refusal = refusal;
  }

  /// Reads until the last page, or until there are enough.
  ///
  /// @return empty when the registry does not have this interface
  Optional<List<Descriptor>> read(Location first) throws ImageException, InterruptedIOException {
    Location next = first;
    for (int page = 0; next != null && found.size() < limit; page++) {
      if (page == MAX_PAGES) {
        throw new UnsafeContentException(
            "list %s: more than %d pages".formatted(subject, MAX_PAGES));
      }
      Response response = get.page(next);
      if (page == 0 && isNoList(response)) {
        Http.discard(response);
        return Optional.empty();
      }
      if (response.status() != 200) {
        throw refusal.of(response, "list " + subject);
      }
      next = read(response, next);
    }
    return Optional.of(found.subList(0, Math.min(limit, found.size())));
  }

  /// Registries without it do not know the path, or take it for that of something else.
  private static boolean isNoList(Response response) {
    return switch (response.status()) {
      case 200 -> !MediaType.OCI_INDEX.equals(contentType(response));
      case 400, 404, 405, 406, 501 -> true;
      default -> false;
    };
  }

  private static @Nullable MediaType contentType(Response response) {
    return response.header("content-type").map(MediaType::parse).orElse(null);
  }

  /// @return where the next page is
  private @Nullable Location read(Response response, Location at)
      throws ImageException, InterruptedIOException {
    MediaType declared = contentType(response);
    String link = response.header("link").orElse("");
    byte[] bytes = Http.body(response, subject, Math.min(bytesLeft, ManifestBytes.MAX_BYTES));
    bytesLeft -= bytes.length;
    if (!(Document.parse(bytes, declared) instanceof Index index)) {
      throw new UnsafeContentException("list %s: expected an index".formatted(subject));
    }
    found.addAll(index.manifests());
    return next(link, at);
  }

  /// The target of a header `<URL>; rel="next"` (RFC 8288), which has to stay on this server: the
  /// request for it has credentials.
  private @Nullable Location next(String link, Location at) throws TransferException {
    int end = link.indexOf('>');
    if (!link.startsWith("<") || end < 0 || !isNext(link.substring(end + 1))) {
      return null;
    }
    Location next = at.resolve(link.substring(1, end));
    if (!next.endpoint().equals(at.endpoint())) {
      throw TransferException.lasting(
          "list %s: the next page is said to be on %s".formatted(subject, next.endpoint()), null);
    }
    return next;
  }

  private static boolean isNext(String parameters) {
    String bare = parameters.replace(" ", "").replace("\"", "");
    return bare.equals(";rel=next")
        || bare.startsWith(";rel=next;")
        || bare.startsWith(";rel=next,");
  }
}
