/// Admission: a {@link io.sealift.source.Resolved} enters, and only when the policy says yes an
/// {@link io.sealift.policy.Admitted} leaves, with the reasons. Empty requirements, unknown keys
/// and unreadable policies mean no. Open {@link io.sealift.policy.Policy} first.
@NullMarked
package io.sealift.policy;

import org.jspecify.annotations.NullMarked;
