package io.sealift.registry;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;

/// Certificates of ours as the Java platform chooses among them, which also notes which servers
/// asked for one (RFC 8446 §4.3.2). Thread-safe.
final class OwnCertificates extends X509ExtendedKeyManager {

  private final @Nullable X509KeyManager platform;
  private final Set<Socket> asking =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  /// @param platform null when there are none
  OwnCertificates(@Nullable X509KeyManager platform) {
    this.platform = platform;
  }

  /// Whether the server at the other end of a connection asked.
  boolean wereAskedForOver(Socket connection) {
    return asking.contains(connection);
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, Socket connection) {
    asking.add(connection);
    return platform == null ? null : platform.chooseClientAlias(keyTypes, issuers, connection);
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return platform == null ? null : platform.getClientAliases(keyType, issuers);
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    return platform == null ? null : platform.getCertificateChain(alias);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    return platform == null ? null : platform.getPrivateKey(alias);
  }

  @Override
  public String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, Socket connection) {
    throw new IllegalStateException("not a server");
  }

  @Override
  public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    throw new IllegalStateException("not a server");
  }
}
