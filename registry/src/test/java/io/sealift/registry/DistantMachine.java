package io.sealift.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A machine of its own, as far as networks go, behind a link that can be made bad: a network
/// namespace (ip-netns(8)) and two ends of a virtual wire, until {@link #close}. Only root can make
/// one.
@SuppressWarnings("try") // a test that is interrupted fails anyhow
final class DistantMachine implements AutoCloseable {

  private static final Pattern COUNTER = Pattern.compile("counter packets (\\d+)");
  private static final Pattern OVERLIMITS = Pattern.compile("overlimits (\\d+)");

  /// Which of the networks of four addresses in 10.213.0.0/16 it has.
  private final int number = ThreadLocalRandom.current().nextInt(1 << 14);

  private final String name = "lift" + number;
  private final String near = name + "a";
  private final String far = name + "b";

  DistantMachine() throws Exception {
    run("ip", "netns", "add", name);
    try {
      run("ip", "link", "add", near, "type", "veth", "peer", "name", far, "netns", name);
      run("ip", "addr", "add", address(1) + "/30", "dev", near);
      run("ip", "link", "set", near, "up");
      // Without the device nothing else is to be taken for the machine.
      run("ip", "route", "add", "unreachable", address(0) + "/30", "metric", "9999");
      runThere("ip", "addr", "add", address(2) + "/30", "dev", far);
      runThere("ip", "link", "set", far, "up");
      runThere("nft", "add table inet link");
      for (String hook : List.of("input", "output")) {
        runThere(
            "nft",
            "add chain inet link %s { type filter hook %s priority 0; }".formatted(hook, hook));
      }
    } catch (AssertionError failed) {
      close();
      throw failed;
    }
  }

  private String address(int host) {
    int last = number * 4 + host;
    return "10.213.%d.%d".formatted(last >> 8, last & 0xff);
  }

  /// Its address.
  String address() {
    return address(2);
  }

  /// A command as it is run there.
  List<String> there(String... command) {
    List<String> whole = new ArrayList<>(List.of("ip", "netns", "exec", name));
    whole.addAll(Arrays.asList(command));
    return whole;
  }

  /// So many of a hundred packets are lost, each way.
  void lose(int percent) throws Exception {
    for (String hook : List.of("input", "output")) {
      runThere(
          "nft",
          "add rule inet link %s numgen random mod 100 < %d counter drop".formatted(hook, percent));
    }
  }

  /// How many were lost.
  long lost() throws Exception {
    Matcher counters = COUNTER.matcher(runThere("nft", "list", "table", "inet", "link"));
    return counters.results().mapToLong(found -> Long.parseLong(found.group(1))).sum();
  }

  /// Sends no faster than this, as tc-tbf(8) has it.
  void limit(String rate) throws Exception {
    runThere(
        "tc", "qdisc", "add", "dev", far, "root", "tbf", "rate", rate, "burst", "32kb", "latency",
        "50ms");
  }

  /// How often it had to wait for that.
  long held() throws Exception {
    Matcher overlimits = OVERLIMITS.matcher(runThere("tc", "-s", "qdisc", "show", "dev", far));
    return overlimits.find() ? Long.parseLong(overlimits.group(1)) : 0;
  }

  /// How a link ends.
  enum Cut {
    /// Packets vanish.
    SILENTLY,
    /// The device says that it has no carrier, and routes go.
    DOWN
  }

  void cut(Cut how) throws Exception {
    switch (how) {
      case SILENTLY -> {
        for (String hook : List.of("input", "output")) {
          runThere("nft", "add rule inet link %s drop".formatted(hook));
        }
      }
      case DOWN -> run("ip", "link", "set", near, "down");
    }
  }

  /// The link is as good as new.
  void mend() throws Exception {
    runThere("nft", "flush table inet link");
    run("ip", "link", "set", near, "up");
  }

  private String runThere(String... command) throws Exception {
    return run(there(command).toArray(String[]::new));
  }

  private static String run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), String.join(" ", command) + ": " + said);
    return said;
  }

  @Override
  public void close() throws Exception {
    run("ip", "route", "del", "unreachable", address(0) + "/30", "metric", "9999");
    run("ip", "link", "del", near);
    run("ip", "netns", "del", name);
  }
}
