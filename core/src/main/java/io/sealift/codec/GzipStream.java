package io.sealift.codec;

import io.sealift.failure.IntegrityException;
import io.sealift.failure.UnsafeContentException;
import java.nio.ByteBuffer;

/// A gzip stream from its first member to its end, over any engine that decodes members: the part
/// that must be equally strict whatever engine there is.
///
/// Zero bytes after the last member are padding, as for gzip(1), which tape blocks and some
/// builders leave. Other bytes there are refused: gzip(1) warns and ignores them, but in a layer
/// they would be content that one program sees and another does not.
public final class GzipStream implements Decompressor.Stream {

  /// Members of one stream. Seekable layers (eStargz) have one or a few for each file, and a layer
  /// has at most two million entries.
  static final int MAX_MEMBERS = 4_000_000;

  /// Members that give no byte. A seekable layer ends with one, and concatenating tools leave one
  /// for each part; a million of them only burn time.
  static final int MAX_EMPTY_MEMBERS = 1024;

  private static final byte FIRST_BYTE = 0x1f;

  private enum Part {
    HEADER,
    BODY,
    PADDING
  }

  private final MemberDecoder decoder;
  private final GzipHeader header = new GzipHeader();
  private Part part = Part.HEADER;
  private int members;
  private int emptyMembers;
  private boolean memberIsEmpty;
  private boolean closed;

  /// @param decoder the engine, closed with this stream
  public GzipStream(MemberDecoder decoder) {
    this.decoder = decoder;
    header.begin();
  }

  @Override
  public void decompress(ByteBuffer input, ByteBuffer output)
      throws IntegrityException, UnsafeContentException {
    if (closed) {
      throw new IllegalStateException("inflate with a closed stream");
    }
    boolean more = true;
    while (more) {
      more =
          switch (part) {
            case HEADER -> readHeader(input);
            case BODY -> readBody(input, output);
            case PADDING -> readPadding(input);
          };
    }
  }

  private boolean readHeader(ByteBuffer input) throws IntegrityException, UnsafeContentException {
    if (!input.hasRemaining()) {
      return false;
    }
    if (members > 0 && header.atStart() && isPadding(input.get(input.position()))) {
      part = Part.PADDING;
      return true;
    }
    if (header.read(input)) {
      beginMember();
      return true;
    }
    return false;
  }

  /// Whether the byte after a member begins the padding instead of another member.
  private boolean isPadding(byte value) throws IntegrityException {
    if (value != 0 && value != FIRST_BYTE) {
      throw new IntegrityException(
          "inflate gzip: expected a member, zero bytes or the end after member %d, got 0x%02x"
              .formatted(members, value));
    }
    return value == 0;
  }

  private void beginMember() throws UnsafeContentException {
    if (++members > MAX_MEMBERS) {
      throw new UnsafeContentException("inflate gzip: more than %d members".formatted(MAX_MEMBERS));
    }
    memberIsEmpty = true;
    decoder.begin();
    part = Part.BODY;
  }

  private boolean readBody(ByteBuffer input, ByteBuffer output)
      throws IntegrityException, UnsafeContentException {
    int before = output.position();
    boolean ended = decoder.decode(input, output);
    memberIsEmpty &= output.position() == before;
    if (ended) {
      endMember();
    }
    return ended;
  }

  private void endMember() throws UnsafeContentException {
    if (memberIsEmpty && ++emptyMembers > MAX_EMPTY_MEMBERS) {
      throw new UnsafeContentException(
          "inflate gzip: more than %d empty members".formatted(MAX_EMPTY_MEMBERS));
    }
    header.begin();
    part = Part.HEADER;
  }

  private static boolean readPadding(ByteBuffer input) throws IntegrityException {
    while (input.hasRemaining()) {
      byte value = input.get();
      if (value != 0) {
        throw new IntegrityException(
            "inflate gzip: expected only zero bytes after the padding began, got 0x%02x"
                .formatted(value));
      }
    }
    return false;
  }

  @Override
  public void finish() throws IntegrityException {
    boolean between = part == Part.HEADER && header.atStart();
    if (members == 0 && between) {
      throw new IntegrityException("inflate gzip: expected a member, got no bytes");
    }
    if (part != Part.PADDING && !between) {
      throw new IntegrityException(
          "inflate gzip: the input ends inside member %d; it was cut short"
              .formatted(part == Part.HEADER ? members + 1 : members));
    }
  }

  @Override
  public void close() {
    closed = true;
    decoder.close();
  }
}
