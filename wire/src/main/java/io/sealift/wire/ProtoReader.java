package io.sealift.wire;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;

/// Reads the fields of one message in protobuf's encoding, in the order they come. Unknown fields
/// are passed over; groups, which proto3 does not have, and known fields of another type are
/// refused.
///
/// ```java
/// ProtoReader fields = new ProtoReader("request", bytes);
/// while (fields.next()) {
///   switch (fields.field()) {
///     case 1 -> path = fields.text();
///     default -> fields.skip();
///   }
/// }
/// ```
public final class ProtoReader {

  private final String subject;
  private final CodedInputStream in;
  private int tag;

  /// @param subject what the message is, for errors
  public ProtoReader(String subject, byte[] message) {
    this.subject = subject;
    this.in = CodedInputStream.newInstance(message);
  }

  /// Goes to the next field; false at the end.
  public boolean next() throws ProtoException {
    try {
      tag = in.readTag();
      return tag != 0;
    } catch (IOException malformed) {
      throw malformed(malformed);
    }
  }

  public int field() {
    return WireFormat.getTagFieldNumber(tag);
  }

  public String text() throws ProtoException {
    expect(WireFormat.WIRETYPE_LENGTH_DELIMITED);
    try {
      return in.readStringRequireUtf8();
    } catch (IOException malformed) {
      throw malformed(malformed);
    }
  }

  /// Bytes, or a message inside this one; the caller owns them.
  public byte[] bytes() throws ProtoException {
    expect(WireFormat.WIRETYPE_LENGTH_DELIMITED);
    try {
      return in.readByteArray();
    } catch (IOException malformed) {
      throw malformed(malformed);
    }
  }

  public long number() throws ProtoException {
    expect(WireFormat.WIRETYPE_VARINT);
    try {
      return in.readRawVarint64();
    } catch (IOException malformed) {
      throw malformed(malformed);
    }
  }

  /// Passes over a field that is not known.
  public void skip() throws ProtoException {
    int type = WireFormat.getTagWireType(tag);
    if (type == WireFormat.WIRETYPE_START_GROUP || type == WireFormat.WIRETYPE_END_GROUP) {
      throw new ProtoException("read %s: field %d is a group".formatted(subject, field()));
    }
    try {
      in.skipField(tag);
    } catch (IOException malformed) {
      throw malformed(malformed);
    }
  }

  private void expect(int type) throws ProtoException {
    if (WireFormat.getTagWireType(tag) != type) {
      throw new ProtoException(
          "read %s: field %d has wire type %d, expected %d"
              .formatted(subject, field(), WireFormat.getTagWireType(tag), type));
    }
  }

  private ProtoException malformed(IOException cause) {
    return new ProtoException("read %s: not a protobuf message".formatted(subject), cause);
  }
}
