/// Secrets that the owner of a confidential guest keeps for it, named by URIs such as
/// `kbs:///default/key/1` (guest-components, `RESOURCE_URI.md`), from whoever has them, and layer
/// keys that are wrapped with such a secret: {@link io.sealift.kbs.PacketKeys} opens them here,
/// {@link io.sealift.kbs.HubKeys} has them opened.
///
/// | source | asks |
/// |---|---|
/// | {@link io.sealift.kbs.HubSecrets} | the guest's Confidential Data Hub |
/// | {@link io.sealift.kbs.KbsSecrets} | the owner's key broker, after this machine proved its state (`cc_kbc`) |
/// | {@link io.sealift.kbs.OfflineSecrets} | files of the guest (`offline_fs_kbc`) |
/// | {@link io.sealift.kbs.SampleSecrets} | nobody: one key that everybody knows (`sample_kbc`) |
///
/// Open {@link io.sealift.kbs.ResourceUri} first, then {@link io.sealift.kbs.PacketKeys}.
@NullMarked
package io.sealift.kbs;

import org.jspecify.annotations.NullMarked;
