package io.sealift.oci;

import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// How a container of an image runs unless told otherwise: the `config` object of an image config
/// (OCI image specification, config.md). What is absent or null there is empty here; the user and
/// working directory are then `""`.
///
/// @param env `NAME=value` entries, order kept
/// @param exposedPorts such as `8080/tcp`, sorted
/// @param volumes absolute paths, sorted
public record Execution(
    String user,
    List<String> env,
    List<String> entrypoint,
    List<String> cmd,
    String workingDir,
    SortedSet<String> exposedPorts,
    SortedSet<String> volumes,
    Map<String, String> labels,
    @Nullable String stopSignal) {

  public static final Execution NONE =
      new Execution(
          "",
          List.of(),
          List.of(),
          List.of(),
          "",
          new TreeSet<>(),
          new TreeSet<>(),
          Map.of(),
          null);

  public Execution {
    env = List.copyOf(env);
    entrypoint = List.copyOf(entrypoint);
    cmd = List.copyOf(cmd);
    exposedPorts = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(exposedPorts));
    volumes = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(volumes));
    labels = Map.copyOf(labels);
  }
}
