package io.sealift.unpack;

import java.util.List;

/// What a finished tree holds that its files alone do not show.
///
/// @param implied directories that the layer needs but has no entry for; when stacked they take the
///   attributes of the same directory in the topmost lower layer that has an entry for it
/// @param pendingLinks hard links whose target is not in this layer, in the order of the archive
/// @param losses what could not be kept here, one line for each kind with a count and the reason;
///   empty as root
public record TreeSummary(
    List<LayerPath> implied, List<PendingLink> pendingLinks, List<Loss> losses) {

  public static final TreeSummary NOTHING = new TreeSummary(List.of(), List.of(), List.of());

  public TreeSummary {
    implied = List.copyOf(implied);
    pendingLinks = List.copyOf(pendingLinks);
    losses = List.copyOf(losses);
  }

  /// A hard link to be made from `path` to `target` of a lower layer.
  public record PendingLink(LayerPath path, LayerPath target) {}

  /// Something of the layer that this process has no right to make: `owner`, `device`,
  /// `security.capability` …; the number of entries concerned, and the first of them.
  public record Loss(String what, long entries, LayerPath first, String reason) {}
}
