package io.sealift.kbs;

import io.sealift.failure.ImageException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.registry.WebService;
import io.sealift.secret.SecretSource;
import java.io.InterruptedIOException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Resources that this machine fetches from a key broker itself, after it proved its state to it:
/// `kbs:` URIs. Thread-safe; the handshake is done once, and again when the session has ended. From
/// the constructor until {@link #close}.
public final class KbsSecrets implements SecretSource, AutoCloseable {

  /// What stands before all paths of the protocol.
  static final String PREFIX = "/kbs/v0";

  /// How much longer than the resource its encrypted form may be: base64, a header, a key.
  private static final int ENVELOPE_BYTES = 16 * 1024;

  private final WebService broker;
  private final Evidence evidence;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Session session;

  /// @param broker becomes this source's own
  public KbsSecrets(WebService broker, Evidence evidence) {
    this.broker = broker;
    this.evidence = evidence;
  }

  @Override
  public byte[] read(String uri, int maxBytes) throws ImageException, InterruptedIOException {
    ResourceUri resource = ResourceUri.parse(uri);
    int maxReply = Math.toIntExact(Math.min(Integer.MAX_VALUE / 2, maxBytes * 2L + ENVELOPE_BYTES));
    Session known = session(null);
    WebService.Answer answer = get(known, resource, maxReply);
    if (answer.status() == 401) {
      // The session may have ended; a resource that is missing looks the same.
      known = session(known);
      answer = get(known, resource, maxReply);
    }
    if (answer.status() != 200) {
      throw BrokerError.of("read " + uri, answer);
    }
    byte[] bytes = known.key().open(Reply.parse(answer.body(), maxReply));
    if (bytes.length > maxBytes) {
      Arrays.fill(bytes, (byte) 0);
      throw new UnsafeContentException(
          "read %s: %d bytes are more than the %d allowed".formatted(uri, bytes.length, maxBytes));
    }
    return bytes;
  }

  /// The session, a new one when there is none or when it is the one that did not serve.
  private Session session(@Nullable Session unfit) throws ImageException, InterruptedIOException {
    try {
      lock.lockInterruptibly();
    } catch (InterruptedException interrupted) {
      InterruptedIOException stopped = new InterruptedIOException("attest: interrupted");
      stopped.initCause(interrupted);
      throw stopped;
    }
    try {
      Session current = session;
      if (current == null || current.equals(unfit)) {
        session = null;
        current = Session.open(broker, evidence);
        session = current;
      }
      return current;
    } finally {
      lock.unlock();
    }
  }

  private WebService.Answer get(Session by, ResourceUri resource, int maxBytes)
      throws ImageException, InterruptedIOException {
    String query = resource.query().isEmpty() ? "" : "?" + resource.query();
    String path = "%s/%s/%s%s".formatted(PREFIX, resource.plugin(), resource.path(), query);
    return broker.send("GET", path, Map.of("Cookie", by.cookie()), new byte[0], maxBytes);
  }

  @Override
  public void close() {
    broker.close();
  }
}
