package io.sealift.policyfile;

import io.sealift.failure.ImageException;
import io.sealift.policy.Allowance;
import io.sealift.policy.Policy;
import io.sealift.policy.Requirement;
import io.sealift.policy.Scope;
import io.sealift.policy.SignatureSchemes;
import io.sealift.policyfile.Remark.Level;
import io.sealift.secret.SecretSource;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Looks for what a policy says without effect or without meaning to: scopes that no image has,
/// keys that cannot be read, doors that stand open. Its grammar was checked when it was read.
public final class PolicyCheck {

  /// Transports that images are pulled from here.
  private static final Set<String> PULLED = Set.of("docker", "oci", "oci-archive");

  /// Transports that other tools have.
  private static final Set<String> FOREIGN =
      Set.of(
          "atomic",
          "containers-storage",
          "dir",
          "docker-archive",
          "docker-daemon",
          "ostree",
          "sif",
          "tarball");

  private final Policy policy;
  private final SignatureSchemes schemes;
  private final SecretSource secrets;
  private final List<Remark> remarks = new ArrayList<>();

  public PolicyCheck(Policy policy, SignatureSchemes schemes, SecretSource secrets) {
    this.policy = policy;
    this.schemes = schemes;
    this.secrets = secrets;
  }

  /// What is to be said, in the order of the policy. Every key that it names is read.
  public List<Remark> run() throws InterruptedIOException {
    remarks.clear();
    for (String transport : policy.transports()) {
      transport(transport);
    }
    for (var entry : policy.scopes().entrySet()) {
      scope(entry.getKey());
      requirements(entry.getKey(), entry.getValue());
    }
    policy.allowance().ifPresent(this::allowance);
    return List.copyOf(remarks);
  }

  private void say(Level level, String pointer, String text) {
    remarks.add(new Remark(level, pointer, text));
  }

  private void transport(String transport) {
    String pointer = "/transports/" + Scope.pointerPart(transport);
    if (FOREIGN.contains(transport)) {
      say(Level.NOTE, pointer, "is for other tools: nothing is pulled from " + transport + " here");
    } else if (!PULLED.contains(transport)) {
      say(
          Level.WARNING,
          pointer,
          "no such transport is known, so its scopes decide nothing; known are docker, oci and"
              + " oci-archive");
    }
  }

  private void scope(Scope scope) {
    switch (scope.transport()) {
      case "docker" -> dockerScope(scope);
      case "oci", "oci-archive" -> pathScope(scope);
      case null, default -> {}
    }
  }

  private void dockerScope(Scope scope) {
    String key = scope.key();
    String meant = ScopeForms.meant(key).filter(text -> !text.equals(key)).orElse("");
    String hint = meant.isEmpty() ? "" : "; " + meant + " was meant?";
    if (!ScopeForms.isReachable(key)) {
      say(Level.WARNING, scope.pointer(), "no image has this scope, so it decides nothing" + hint);
    } else if (key.startsWith("docker.io/") && !meant.isEmpty()) {
      say(Level.WARNING, scope.pointer(), "has only the images below it, not itself" + hint);
    }
  }

  private void pathScope(Scope scope) {
    if (scope.key().isEmpty()) {
      return;
    }
    Path path = Path.of(scope.key());
    try {
      if (!Files.exists(path)) {
        say(Level.NOTE, scope.pointer(), "there is nothing at this path now");
      } else if (!path.toRealPath().equals(path)) {
        say(
            Level.WARNING,
            scope.pointer(),
            "no image has this scope, because links are followed; write " + path.toRealPath());
      }
    } catch (IOException unreadable) {
      say(Level.WARNING, scope.pointer(), "the path cannot be followed: " + unreadable);
    }
  }

  private void requirements(Scope scope, List<Requirement> requirements)
      throws InterruptedIOException {
    boolean demanding = false;
    for (int i = 0; i < requirements.size(); i++) {
      String pointer = scope.pointer() + "/" + i;
      switch (requirements.get(i)) {
        case Requirement.InsecureAcceptAnything _ -> {}
        case Requirement.Reject _ -> demanding = true;
        case Requirement.Unchecked unchecked -> {
          demanding = true;
          say(
              Level.WARNING,
              pointer,
              unchecked.what() + " are not checked by any tool, so every image is refused");
        }
        case Requirement.Signed signed -> {
          demanding = true;
          anchors(signed, pointer);
        }
      }
    }
    if (!demanding) {
      open(scope);
    } else if (requirements.size() > 1
        && requirements.stream().anyMatch(Requirement.Reject.class::isInstance)) {
      say(Level.WARNING, scope.pointer(), "refuses every image, whatever else it demands");
    }
  }

  /// A scope that lets in what nobody signed.
  private void open(Scope scope) {
    boolean unsigned =
        policy
            .allowance()
            .map(allowance -> allowance.kinds().stream().anyMatch(kind -> !kind.isSigned()))
            .orElse(true);
    if (!unsigned) {
      say(
          Level.WARNING,
          scope.pointer(),
          "demands no signature, and sealift.allow wants one, so every image is refused");
    } else if (scope.equals(Scope.DEFAULT)) {
      say(Level.WARNING, scope.pointer(), "lets in every image of which no scope speaks");
    } else if (scope.key().isEmpty() || scope.key().startsWith("*.")) {
      say(Level.WARNING, scope.pointer(), "lets in every image of " + scope);
    } else {
      say(Level.NOTE, scope.pointer(), "lets in images without looking at signatures");
    }
  }

  private void anchors(Requirement.Signed requirement, String pointer)
      throws InterruptedIOException {
    try {
      for (String line : schemes.anchors(requirement, secrets)) {
        say(Level.NOTE, pointer, "trusts " + line);
      }
    } catch (ImageException unusable) {
      say(Level.ERROR, pointer, String.valueOf(unusable.getMessage()));
    }
  }

  private void allowance(Allowance allowance) {
    if (allowance.kinds().contains(Allowance.Kind.PLAIN_UNSIGNED)) {
      say(
          Level.WARNING,
          "/sealift/allow",
          "waives every signature of images that are not encrypted, whatever their scope demands");
    }
    if (allowance.kinds().contains(Allowance.Kind.ENCRYPTED_UNSIGNED)) {
      say(
          Level.WARNING,
          "/sealift/allow",
          "waives every signature of images that are encrypted: whoever can encrypt for this machine"
              + " can make one, and their configuration is never encrypted");
    }
  }
}
