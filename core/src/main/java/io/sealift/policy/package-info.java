/// Admission: a {@link io.sealift.source.Resolved} enters, and only when the policy says yes an
/// {@link io.sealift.policy.Admitted} leaves, with the reasons. The logical name chooses the scope;
/// signatures count when they are about these bytes and name this image. Empty requirements,
/// schemes that are not there and keys that cannot be read mean no. Open {@link
/// io.sealift.policy.Gatekeeper} first.
@NullMarked
package io.sealift.policy;

import org.jspecify.annotations.NullMarked;
