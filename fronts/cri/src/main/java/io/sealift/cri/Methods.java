package io.sealift.cri;

import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/// The methods that are served, by their names in the interface. Messages stay bytes here.
final class Methods {

  static final String IMAGES = "runtime.v1.ImageService";
  static final String RUNTIME = "runtime.v1.RuntimeService";

  private static final Bytes BYTES = new Bytes();

  private Methods() {}

  static MethodDescriptor<byte[], byte[]> unary(String service, String method) {
    return of(service, method, MethodType.UNARY);
  }

  static MethodDescriptor<byte[], byte[]> stream(String service, String method) {
    return of(service, method, MethodType.SERVER_STREAMING);
  }

  private static MethodDescriptor<byte[], byte[]> of(
      String service, String method, MethodType type) {
    return MethodDescriptor.newBuilder(BYTES, BYTES)
        .setType(type)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(service, method))
        .build();
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {

    @Override
    public InputStream stream(byte[] message) {
      return new ByteArrayInputStream(message);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException failed) {
        throw Status.INTERNAL.withCause(failed).asRuntimeException();
      }
    }
  }
}
