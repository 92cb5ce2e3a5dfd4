package io.sealift.kbs;

import io.sealift.failure.AuthenticationException;
import io.sealift.failure.ImageException;
import io.sealift.failure.NotFoundException;
import io.sealift.failure.TransferException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.secret.SecretSource;
import io.sealift.wire.TtrpcException;
import io.sealift.wire.guest.DataHub;
import java.io.InterruptedIOException;
import java.util.Arrays;

/// Resources that a guest's Confidential Data Hub fetches: `kbs:` URIs. Immutable and thread-safe.
public final class HubSecrets implements SecretSource {

  private final DataHub hub;

  public HubSecrets(DataHub hub) {
    this.hub = hub;
  }

  @Override
  public byte[] read(String uri, int maxBytes) throws ImageException, InterruptedIOException {
    ResourceUri resource = ResourceUri.parse(uri);
    byte[] bytes = ask(resource);
    if (bytes.length > maxBytes) {
      Arrays.fill(bytes, (byte) 0);
      throw new UnsafeContentException(
          "read %s: %d bytes are more than the %d allowed".formatted(uri, bytes.length, maxBytes));
    }
    return bytes;
  }

  private byte[] ask(ResourceUri resource) throws ImageException, InterruptedIOException {
    try {
      return hub.resource(resource.toString());
    } catch (TtrpcException failed) {
      String message = "read %s: %s".formatted(resource, failed.reason());
      throw switch (failed.code()) {
        case NOT_FOUND -> new NotFoundException(message, failed);
        case PERMISSION_DENIED, UNAUTHENTICATED -> new AuthenticationException(message, failed);
        case RESOURCE_EXHAUSTED -> new UnsafeContentException(message, failed);
        case UNAVAILABLE, DEADLINE_EXCEEDED -> TransferException.passing(message, failed);
        // The hub says the same of a resource that is missing and of a broker that refused.
        default -> TransferException.lasting(message, failed);
      };
    }
  }
}
