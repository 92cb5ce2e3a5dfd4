package io.sealift.policyfile;

/// Something about a policy that its author may want to know.
///
/// @param pointer where in the policy, a JSON pointer; empty for the whole
/// @param text a line for people
public record Remark(Level level, String pointer, String text) {

  /// How much it matters, the worst first.
  public enum Level {
    /// Images are refused because of it.
    ERROR,
    /// It is likely not what was meant, or lets in what nobody vouches for.
    WARNING,
    /// It is so, and nothing is wrong with it.
    NOTE
  }
}
