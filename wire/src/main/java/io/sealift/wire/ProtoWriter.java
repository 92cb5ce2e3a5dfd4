package io.sealift.wire;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Writes one message in protobuf's encoding. Fields with the value that proto3 takes for granted
/// (empty, 0) are left out. The message is written once, into an array of its size, so that nothing
/// of a secret stays behind.
///
/// ```java
/// byte[] request = new ProtoWriter().text(1, "kbs:///default/key/1").toBytes();
/// ```
public final class ProtoWriter {

  private final List<Field> fields = new ArrayList<>();
  private int size;

  private interface Field {
    void write(CodedOutputStream out) throws IOException;
  }

  public ProtoWriter text(int number, String value) {
    return value.isEmpty() ? this : element(number, value);
  }

  /// One of a repeated field, where an empty text counts.
  public ProtoWriter element(int number, String value) {
    return add(
        CodedOutputStream.computeStringSize(number, value), out -> out.writeString(number, value));
  }

  /// @param value is not copied before {@link #toBytes}
  public ProtoWriter bytes(int number, byte[] value) {
    return value.length == 0 ? this : message(number, value);
  }

  /// A message inside this one, present even when it is empty.
  public ProtoWriter message(int number, byte[] encoded) {
    return add(
        CodedOutputStream.computeByteArraySize(number, encoded),
        out -> out.writeByteArray(number, encoded));
  }

  public ProtoWriter number(int number, long value) {
    return value == 0 ? this : present(number, value);
  }

  /// An `optional` number that is there, even when it is 0.
  public ProtoWriter present(int number, long value) {
    return add(
        CodedOutputStream.computeInt64Size(number, value), out -> out.writeInt64(number, value));
  }

  private ProtoWriter add(int bytes, Field field) {
    size = Math.addExact(size, bytes);
    fields.add(field);
    return this;
  }

  /// The message; the caller owns it.
  public byte[] toBytes() {
    byte[] message = new byte[size];
    CodedOutputStream out = CodedOutputStream.newInstance(message);
    try {
      for (Field field : fields) {
        field.write(out);
      }
      out.flush();
    } catch (IOException impossible) {
      throw new IllegalStateException("a message has another size than computed", impossible);
    }
    out.checkNoSpaceLeft();
    return message;
  }
}
