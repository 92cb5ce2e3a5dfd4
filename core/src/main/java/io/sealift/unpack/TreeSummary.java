package io.sealift.unpack;

import java.util.List;

/// What a finished tree holds that its files alone do not show.
///
/// @param implied directories that the layer needs but has no entry for; when stacked they take the
///   attributes of the same directory in the topmost lower layer that has an entry for it
/// @param pendingLinks hard links whose target is not in this layer, in the order of the archive
/// @param withheld modes that are given only when the layers are stacked; empty as root
/// @param losses what could not be kept here, one line for each kind with a count and the reason;
///   empty as root
public record TreeSummary(
    List<LayerPath> implied,
    List<PendingLink> pendingLinks,
    List<WithheldMode> withheld,
    List<Loss> losses) {

  public static final TreeSummary NOTHING =
      new TreeSummary(List.of(), List.of(), List.of(), List.of());

  public TreeSummary {
    implied = List.copyOf(implied);
    pendingLinks = List.copyOf(pendingLinks);
    withheld = List.copyOf(withheld);
    losses = List.copyOf(losses);
  }

  /// A hard link to be made from `path` to `target` of a lower layer.
  public record PendingLink(LayerPath path, LayerPath target) {}

  /// The mode of a file or directory that would keep an ordinary user, who owns it, from reading
  /// it. In the layer's tree it has the bits besides that let its owner in.
  ///
  /// @param mode the low twelve bits
  public record WithheldMode(LayerPath path, int mode) {

    /// What an owner has to be allowed to read a file.
    private static final int OWNER_READ = 0400;

    /// What an owner has to be allowed to read a directory and change what is in it.
    private static final int OWNER_ALL = 0700;

    /// The mode, with what lets the owner of a file in.
    public static int readableFile(int mode) {
      return mode | OWNER_READ;
    }

    /// The mode, with what lets the owner of a directory in.
    public static int readableDirectory(int mode) {
      return mode | OWNER_ALL;
    }
  }

  /// Something of the layer that this process has no right to make: `owner`, `device`,
  /// `security.capability` …; the number of entries concerned, and the first of them.
  public record Loss(String what, long entries, LayerPath first, String reason) {}
}
