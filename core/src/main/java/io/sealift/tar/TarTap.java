package io.sealift.tar;

import io.sealift.failure.StoreException;
import java.nio.ByteBuffer;

/// Is given all bytes of an archive that {@link TarReader#content} did not hand out, in the order
/// of the archive: who keeps them, and the content, can write the archive again.
public interface TarTap {

  /// Keeps nothing.
  TarTap NONE =
      new TarTap() {
        @Override
        public void block(Role role, byte[] bytes, int offset) {}

        @Override
        public void raw(ByteBuffer bytes) {}
      };

  /// One block of 512 bytes at `offset`, valid during the call only.
  void block(Role role, byte[] bytes, int offset) throws StoreException;

  /// Any other bytes: padding, content that was passed over, what follows the end. Valid during the
  /// call only.
  void raw(ByteBuffer bytes) throws StoreException;

  /// What a block is for; blocks of the same role resemble each other.
  enum Role {
    /// The header of a member.
    MEMBER,
    /// The header of an extension: PAX records, a long name.
    EXTENSION,
    /// What follows it, and the maps of sparse files.
    EXTENSION_DATA
  }
}
