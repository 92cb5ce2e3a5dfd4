package io.sealift.cri;

import static io.sealift.service.Log.field;

import io.grpc.Context;
import io.grpc.ServerServiceDefinition;
import io.sealift.cri.Answering.Method;
import io.sealift.cri.image.Caller;
import io.sealift.cri.image.Collection;
import io.sealift.cri.image.Footprint;
import io.sealift.cri.image.NodeImages;
import io.sealift.cri.image.Pulls;
import io.sealift.cri.message.Answers;
import io.sealift.cri.message.Image;
import io.sealift.cri.message.ImageSpec;
import io.sealift.cri.message.PullImageRequest;
import io.sealift.cri.message.Requests;
import io.sealift.failure.BadReferenceException;
import io.sealift.failure.ImageException;
import io.sealift.failure.Quoted;
import io.sealift.oci.ImageName;
import io.sealift.oci.Platform;
import io.sealift.oci.Reference;
import io.sealift.pull.ImageClient;
import io.sealift.pull.ProgressListener;
import io.sealift.pull.StoredImage;
import io.sealift.service.Calls;
import io.sealift.service.Log;
import io.sealift.wire.ProtoException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Answers `runtime.v1.ImageService`. Thread-safe.
///
/// @param node as it is set now
/// @param workDir the mount point that images are told to be at
/// @param handlers runtime handlers that images may be for, the usual one being empty
record ImageService(
    Supplier<Node> node,
    NodeImages images,
    Pulls pulls,
    Collection collection,
    Footprint footprint,
    Path workDir,
    List<String> handlers,
    Log log) {

  /// Bytes of one message of a stream of images, as many as a small listing has.
  private static final int STREAM_BYTES = 1 << 20;

  private static final int MAX_QUOTED = 100;

  /// The annotation by which containerd named a runtime handler before there was a field.
  private static final String HANDLER_ANNOTATION = "io.containerd.cri.runtime-handler";

  ServerServiceDefinition definition(Answering answering) {
    return ServerServiceDefinition.builder(Methods.IMAGES)
        .addMethod(
            Methods.unary(Methods.IMAGES, "ListImages"),
            answering.unary(
                Method.LIST_IMAGES, request -> List.of(Answers.images(listed(request)))))
        .addMethod(
            Methods.stream(Methods.IMAGES, "StreamImages"),
            answering.stream(
                Method.STREAM_IMAGES,
                request -> Answers.imageStream(listed(request), STREAM_BYTES)))
        .addMethod(
            Methods.unary(Methods.IMAGES, "ImageStatus"),
            answering.unary(Method.IMAGE_STATUS, request -> List.of(status(request))))
        .addMethod(
            Methods.unary(Methods.IMAGES, "PullImage"),
            answering.unary(Method.PULL_IMAGE, request -> List.of(pull(request))))
        .addMethod(
            Methods.unary(Methods.IMAGES, "RemoveImage"),
            answering.unary(Method.REMOVE_IMAGE, request -> List.of(remove(request))))
        .addMethod(
            Methods.unary(Methods.IMAGES, "ImageFsInfo"),
            answering.unary(Method.IMAGE_FS_INFO, _ -> List.of(room())))
        .build();
  }

  private List<Image> listed(byte[] request)
      throws ProtoException, ImageException, InterruptedIOException {
    String wanted = Requests.filter(request).image();
    Node now = node.get();
    if (wanted.isEmpty()) {
      return images.all(now.pins());
    }
    return images
        .find(wanted, now.shortNames(), now.pins(), false)
        .map(found -> List.of(found.image()))
        .orElse(List.of());
  }

  private byte[] status(byte[] request)
      throws ProtoException, ImageException, InterruptedIOException {
    Requests.Status status = Requests.imageStatus(request);
    Node now = node.get();
    Optional<NodeImages.Found> found =
        images.find(status.image().image(), now.shortNames(), now.pins(), status.verbose());
    return found.isPresent()
        ? Answers.imageStatus(found.get().image(), found.get().info())
        : Answers.imageStatus(null, Map.of());
  }

  private byte[] remove(byte[] request)
      throws ProtoException, ImageException, InterruptedIOException {
    String wanted = Requests.image("RemoveImageRequest", request).image();
    Optional<String> removed = images.remove(wanted, node.get().shortNames());
    if (removed.isPresent()) {
      log.info("image removed", field("image", wanted), field("id", removed.get()));
      footprint.changed();
      collection.want();
    }
    return Answers.REMOVED;
  }

  private byte[] room() throws ImageException, InterruptedIOException {
    Footprint.Measured measured = footprint.measure();
    return Answers.imageFsInfo(
        measured.time(), workDir.toString(), measured.usage().bytes(), measured.usage().inodes());
  }

  private byte[] pull(byte[] message)
      throws ProtoException,
          ImageException,
          InterruptedIOException,
          InterruptedException,
          Calls.EndingException {
    try (PullImageRequest request = PullImageRequest.decode(message)) {
      ImageSpec image = request.image();
      requireKnown(image.runtimeHandler());
      requireKnown(image.annotations().getOrDefault(HANDLER_ANNOTATION, ""));
      requireKnown(request.sandbox().annotations().getOrDefault(HANDLER_ANNOTATION, ""));
      Reference.parse(image.image());
      log.info(
          "pull is wanted",
          field("image", image.image()),
          field("user_specified_image", said(image.userSpecifiedImage())),
          field("namespace", said(request.sandbox().namespace())),
          field("pod", said(request.sandbox().name())),
          field("pod_uid", said(request.sandbox().uid())));
      StoredImage stored = pull(image.image(), Caller.of(request.auth()));
      footprint.changed();
      return Answers.pulled(stored.record().imageId().toString());
    }
  }

  /// @param caller is closed when the pull is over
  private StoredImage pull(String image, Caller caller)
      throws ImageException, InterruptedIOException, InterruptedException, Calls.EndingException {
    Node now = node.get();
    return pulls.run(
        new Pulls.Key(image, caller.fingerprint(), now.number()),
        progress -> store(now, image, caller, progress),
        leave -> Context.current().addListener(_ -> leave.run(), Runnable::run),
        caller::close);
  }

  private StoredImage store(Node now, String image, Caller caller, ProgressListener progress)
      throws ImageException, InterruptedIOException {
    ImageClient client = now.clients().client(caller.source());
    StoredImage stored =
        client.store(new ImageName.InRegistry(now.meant(image, client)), Platform.host(), progress);
    images.pin(stored.record(), now.pins());
    return stored;
  }

  private void requireKnown(String handler) throws BadReferenceException {
    if (!handler.isEmpty() && !handlers.contains(handler)) {
      throw new BadReferenceException(
          "pull for runtime handler '%s': there is no such handler here; start the daemon with --runtime-handler"
              .formatted(Quoted.of(handler, MAX_QUOTED)));
    }
  }

  private static @Nullable String said(String text) {
    return text.isEmpty() ? null : text;
  }
}
