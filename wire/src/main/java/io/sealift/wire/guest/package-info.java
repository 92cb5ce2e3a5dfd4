/// The services inside a confidential guest: what the Confidential Data Hub and the Attestation
/// Agent are asked, and the messages of it (confidential-containers guest-components, `protos/`).
/// The same messages, byte for byte, are in `src/main/protobuf`. Open {@link
/// io.sealift.wire.guest.DataHub} first.
@NullMarked
package io.sealift.wire.guest;

import org.jspecify.annotations.NullMarked;
