/// Policy files: the bytes of a `policy.json` enter, and a {@link io.sealift.policy.Policy} leaves
/// that says all that the file says. The whole grammar of containers-policy.json(5) is understood,
/// and in every key named `sealift` what Sealift adds to it. What is not understood to the last key
/// is refused with its place. Open {@link io.sealift.policyfile.PolicyFile} first.
@NullMarked
package io.sealift.policyfile;

import org.jspecify.annotations.NullMarked;
