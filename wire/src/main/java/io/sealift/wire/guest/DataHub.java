package io.sealift.wire.guest;

import io.sealift.wire.TtrpcException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;

/// Asks a guest's Confidential Data Hub. Immutable and thread-safe; connects for each call.
public final class DataHub {

  /// Where guests have its socket.
  public static final Path SOCKET = Path.of("/run/confidential-containers/cdh.sock");

  /// How long its callers wait: what ocicrypt and the Kata agent do.
  public static final Duration TIMEOUT = Duration.ofSeconds(50);

  public static final String KEY_PROVIDER_SERVICE = "keyprovider.KeyProviderService";
  public static final String UNWRAP_KEY = "UnWrapKey";
  public static final String WRAP_KEY = "WrapKey";
  public static final String RESOURCE_SERVICE = "api.GetResourceService";
  public static final String GET_RESOURCE = "GetResource";
  public static final String SEALED_SECRET_SERVICE = "api.SealedSecretService";
  public static final String UNSEAL_SECRET = "UnsealSecret";
  public static final String SECURE_MOUNT_SERVICE = "api.SecureMountService";
  public static final String SECURE_MOUNT = "SecureMount";
  public static final String IMAGE_PULL_SERVICE = "api.ImagePullService";
  public static final String PULL_IMAGE = "PullImage";

  private final Endpoint endpoint;

  public DataHub(Path socket, Duration timeout) {
    endpoint = new Endpoint(socket, timeout);
  }

  /// Opens a wrapped key by ocicrypt's key provider protocol.
  ///
  /// @param input JSON
  /// @return JSON; the caller owns it
  public byte[] unwrapKey(byte[] input) throws TtrpcException, InterruptedIOException {
    return endpoint.call(
        KEY_PROVIDER_SERVICE,
        UNWRAP_KEY,
        Messages.ofBytes(input),
        answer -> Messages.bytes("KeyProviderKeyWrapProtocolOutput", answer));
  }

  /// A resource of the guest's owner.
  ///
  /// @param uri `kbs:///REPOSITORY/TYPE/TAG`
  /// @return its bytes; the caller owns them
  public byte[] resource(String uri) throws TtrpcException, InterruptedIOException {
    return endpoint.call(
        RESOURCE_SERVICE,
        GET_RESOURCE,
        Messages.ofText(uri),
        answer -> Messages.bytes("GetResourceResponse", answer));
  }

  /// Opens a sealed secret.
  ///
  /// @return the plain text; the caller owns it
  public byte[] unseal(byte[] secret) throws TtrpcException, InterruptedIOException {
    return endpoint.call(
        SEALED_SECRET_SERVICE,
        UNSEAL_SECRET,
        Messages.ofBytes(secret),
        answer -> Messages.bytes("UnsealSecretOutput", answer));
  }

  /// Puts encrypted storage in place.
  public void mount(MountRequest request) throws TtrpcException, InterruptedIOException {
    int _ =
        endpoint.call(
            SECURE_MOUNT_SERVICE, SECURE_MOUNT, request.encode(), answer -> answer.length);
  }

  /// Brings an image into a directory.
  ///
  /// @return the manifest's digest
  public String pull(PullRequest request) throws TtrpcException, InterruptedIOException {
    return endpoint.call(
        IMAGE_PULL_SERVICE,
        PULL_IMAGE,
        request.encode(),
        answer -> Messages.text("ImagePullResponse", answer));
  }
}
