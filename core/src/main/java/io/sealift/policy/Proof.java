package io.sealift.policy;

import org.jspecify.annotations.Nullable;

/// One requirement that held, or was waived: its type in the policy (`insecureAcceptAnything`), a
/// line for people that says what was found, and the signature that it held by, if there was one.
public record Proof(String requirement, String reason, Signature.@Nullable Proven signature) {}
