package io.sealift.cri.message;

import io.sealift.wire.ProtoWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What is answered, each as the bytes of its message.
public final class Answers {

  /// `RemoveImageResponse`.
  public static final byte[] REMOVED = {};

  /// The version of this interface's envelope, as all runtimes tell it.
  private static final String KUBELET_VERSION = "0.1.0";

  private static final String API_VERSION = "v1";

  private Answers() {}

  /// `ListImagesResponse`.
  public static byte[] images(List<Image> images) {
    ProtoWriter message = new ProtoWriter();
    images.forEach(image -> message.message(1, image.encode()));
    return message.toBytes();
  }

  /// `StreamImagesResponse`, as many as it takes; none for no images.
  ///
  /// @param most bytes of one; a single image may have more
  public static List<byte[]> imageStream(List<Image> images, int most) {
    List<byte[]> messages = new ArrayList<>();
    ProtoWriter message = new ProtoWriter();
    int bytes = 0;
    for (Image image : images) {
      byte[] encoded = image.encode();
      if (bytes > 0 && bytes + encoded.length > most) {
        messages.add(message.toBytes());
        message = new ProtoWriter();
        bytes = 0;
      }
      message.message(1, encoded);
      bytes += encoded.length;
    }
    if (bytes > 0) {
      messages.add(message.toBytes());
    }
    return messages;
  }

  /// `ImageStatusResponse`.
  ///
  /// @param image null when there is none
  /// @param info texts in JSON by what they are about
  public static byte[] imageStatus(@Nullable Image image, Map<String, String> info) {
    ProtoWriter message = new ProtoWriter();
    if (image != null) {
      message.message(1, image.encode());
    }
    Entries.write(message, 2, info);
    return message.toBytes();
  }

  /// `PullImageResponse`.
  public static byte[] pulled(String id) {
    return new ProtoWriter().text(1, id).toBytes();
  }

  /// `ImageFsInfoResponse`: images and what containers write are on one file system, which is the
  /// one entry of both lists.
  ///
  /// @param time when this was so
  public static byte[] imageFsInfo(Instant time, String mountpoint, long bytes, long inodes) {
    byte[] usage =
        new ProtoWriter()
            .number(1, nanos(time))
            .message(2, new ProtoWriter().text(1, mountpoint).toBytes())
            .message(3, new ProtoWriter().number(1, bytes).toBytes())
            .message(4, new ProtoWriter().number(1, inodes).toBytes())
            .toBytes();
    return new ProtoWriter().message(1, usage).message(2, usage).toBytes();
  }

  private static long nanos(Instant time) {
    return TimeUnit.SECONDS.toNanos(time.getEpochSecond()) + time.getNano();
  }

  /// `VersionResponse`.
  public static byte[] version(String name, String version) {
    return new ProtoWriter()
        .text(1, KUBELET_VERSION)
        .text(2, name)
        .text(3, version)
        .text(4, API_VERSION)
        .toBytes();
  }

  /// `StatusResponse`: a runtime that is ready as far as images go.
  ///
  /// @param obstacle why it is not, after all; empty when it is
  /// @param handlers names of runtime handlers, the usual one being empty
  /// @param info texts in JSON by what they are about
  public static byte[] status(String obstacle, List<String> handlers, Map<String, String> info) {
    ProtoWriter message = new ProtoWriter();
    byte[] conditions =
        new ProtoWriter()
            .message(1, condition("RuntimeReady", obstacle))
            .message(1, condition("NetworkReady", ""))
            .toBytes();
    message.message(1, conditions);
    Entries.write(message, 2, info);
    handlers.forEach(
        name -> message.message(3, new ProtoWriter().text(1, name).message(2, REMOVED).toBytes()));
    return message.toBytes();
  }

  private static byte[] condition(String type, String obstacle) {
    ProtoWriter condition = new ProtoWriter().text(1, type);
    return obstacle.isEmpty()
        ? condition.number(2, 1).toBytes()
        : condition.text(3, "NotServing").text(4, obstacle).toBytes();
  }
}
