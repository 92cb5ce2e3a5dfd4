package io.sealift.policy;

/// One requirement that held: its type in the policy (`insecureAcceptAnything`), and a line for
/// people that says what was found.
public record Proof(String requirement, String reason) {}
