package io.sealift.kbs;

import io.sealift.crypt.KeyException;
import io.sealift.crypt.KeyUnwrapper;
import io.sealift.crypt.ProviderMessages;
import io.sealift.crypt.WrappedKey;
import io.sealift.wire.TtrpcException;
import io.sealift.wire.guest.DataHub;
import java.io.InterruptedIOException;
import java.util.Arrays;
import java.util.List;

/// Opens keys of the scheme `provider.attestation-agent` by asking a guest's Confidential Data Hub,
/// as image-rs does: what they are wrapped with stays there, and key management services that only
/// the hub knows may have it. Immutable and thread-safe.
public final class HubKeys implements KeyUnwrapper {

  private final DataHub hub;

  public HubKeys(DataHub hub) {
    this.hub = hub;
  }

  @Override
  public boolean knows(String scheme) {
    return scheme.equals(PacketKeys.SCHEME);
  }

  @Override
  public List<String> recipients(WrappedKey wrapped) {
    return PacketKeys.recipient(wrapped);
  }

  @Override
  public byte[] unwrap(WrappedKey wrapped) throws KeyException, InterruptedIOException {
    byte[] input = ProviderMessages.unwrap(wrapped.bytes(), PacketKeys.PROVIDER, List.of());
    try {
      byte[] answer = hub.unwrapKey(input);
      try {
        return ProviderMessages.optionsOf(answer);
      } finally {
        Arrays.fill(answer, (byte) 0);
      }
    } catch (KeyException malformed) {
      throw new KeyException("ask the data hub: " + malformed.reason(), malformed);
    } catch (TtrpcException failed) {
      throw new KeyException("ask the data hub: " + failed.reason(), failed);
    } finally {
      Arrays.fill(input, (byte) 0);
    }
  }
}
