package io.sealift.cri;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.TextFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The messages of `cri.proto` as protobuf's own library reads and writes them, which shares
/// nothing with how they are read and written here.
public final class ProtoFile {

  public static final FileDescriptor CRI;

  static {
    try {
      FileDescriptorSet set =
          FileDescriptorSet.parseFrom(Files.readAllBytes(Path.of("target/descriptors.pb")));
      CRI = FileDescriptor.buildFrom(set.getFile(0), new FileDescriptor[0]);
    } catch (IOException | DescriptorValidationException failed) {
      throw new AssertionError(failed);
    }
  }

  private ProtoFile() {}

  /// A message that is written as protobuf writes it for people.
  public static DynamicMessage message(String type, String text) {
    DynamicMessage.Builder builder = DynamicMessage.newBuilder(descriptor(type));
    try {
      TextFormat.merge(text, builder);
    } catch (TextFormat.ParseException malformed) {
      throw new IllegalArgumentException(malformed);
    }
    return builder.build();
  }

  public static DynamicMessage message(String type, byte[] bytes) {
    try {
      return DynamicMessage.parseFrom(descriptor(type), bytes);
    } catch (InvalidProtocolBufferException malformed) {
      throw new IllegalArgumentException(malformed);
    }
  }

  private static Descriptor descriptor(String type) {
    Descriptor descriptor = CRI.findMessageTypeByName(type);
    if (descriptor == null) {
      throw new IllegalArgumentException("no message " + type);
    }
    return descriptor;
  }
}
