package io.sealift.kata;

import static io.sealift.service.Log.field;

import io.sealift.failure.BadReferenceException;
import io.sealift.failure.ImageException;
import io.sealift.failure.StoreException;
import io.sealift.imageconfig.Configuration;
import io.sealift.imageconfig.ProcessSettings;
import io.sealift.linux.NotifySocket;
import io.sealift.pull.LayerMemory;
import io.sealift.service.Budget;
import io.sealift.service.Calls;
import io.sealift.service.Lifecycle;
import io.sealift.service.ListenAddress;
import io.sealift.service.Log;
import io.sealift.service.ObservedPulls;
import io.sealift.service.OperationsServer;
import io.sealift.service.PlatformLogs;
import io.sealift.service.ProcessGauges;
import io.sealift.service.PullObserver;
import io.sealift.service.Readiness;
import io.sealift.service.StoreGauges;
import io.sealift.service.Supervisor;
import io.sealift.service.metrics.Metrics;
import io.sealift.store.UsageMeter;
import io.sealift.telemetry.PullTraces;
import io.sealift.wire.ServerLimits;
import io.sealift.wire.Services;
import io.sealift.wire.TtrpcServer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One run of the daemon: reads its settings, answers calls, reads its settings again when it is
/// told to, and ends when it is told to.
final class Daemon {

  /// One agent with many containers, each of which may wait for its turn, and a few others. Each
  /// connection may make this process hold a frame, so that all of this is some 100 MiB.
  private static final ServerLimits LIMITS =
      new ServerLimits(16, 512, 32 * 1024 * 1024, Duration.ofSeconds(30));

  /// The same where memory is bounded: some 40 MiB.
  private static final ServerLimits FEW =
      new ServerLimits(8, 512, 8 * 1024 * 1024, Duration.ofSeconds(30));

  /// How long answers may take to be written once all calls have one.
  private static final Duration WRITING = Duration.ofSeconds(5);

  private final Options options;
  private final Map<String, String> environment;
  private final @Nullable ServerSocketChannel inherited;
  private final Log log;
  private final Peers peers;
  private final Metrics metrics = new Metrics();
  private final Readiness readiness = new Readiness(List.of());
  private final Calls calls = new Calls();

  /// Null when the environment names no exporter.
  private final @Nullable PullTraces traces;

  private final @Nullable Budget budget;
  private final LayerMemory memory;
  private volatile Guest guest;

  /// @param environment of the process
  /// @param inherited the socket that the process was started with, which stays open; null for none
  /// @throws ImageException when the settings are not sound
  Daemon(Options options, Map<String, String> environment, @Nullable ServerSocketChannel inherited)
      throws ImageException {
    this.options = options;
    this.environment = environment;
    this.inherited = inherited;
    ProcessSettings settings = settings();
    log = Log.toStandardError(options.lines(), level(settings.configuration().hub().logLevel()));
    peers = Peers.of(options, settings.configuration().hub());
    budget = options.budget().orElse(null);
    memory = budget == null ? new LayerMemory() : budget.memory();
    guest = new Guest(new Assembly(options, settings, peers, memory));
    traces = Assembly.traces(environment);
  }

  private ProcessSettings settings() throws BadReferenceException {
    return ProcessSettings.read(options.path("config").orElse(null), environment);
  }

  /// The words of a data hub's file are those of Rust's programs.
  private Log.Level level(Configuration.@Nullable Value set) throws BadReferenceException {
    Optional<Log.Level> given = options.level();
    if (given.isPresent() || set == null) {
      return given.orElse(Log.Level.INFO);
    }
    return switch (set.text().toLowerCase(Locale.ROOT)) {
      case "trace", "debug" -> Log.Level.DEBUG;
      case "info" -> Log.Level.INFO;
      case "warn" -> Log.Level.WARN;
      case "error", "off" -> Log.Level.ERROR;
      default ->
          throw new BadReferenceException(
              "read %s: expected trace, debug, info, warn, error or off, found '%s'"
                  .formatted(set.origin(), set.text()));
    };
  }

  /// Serves until a signal says otherwise.
  ///
  /// @return the status that the process is to end with
  int run() throws ImageException, InterruptedIOException, InterruptedException {
    PlatformLogs _ = PlatformLogs.into(log);
    ProcessGauges.addTo(metrics, log);
    Assembly assembly = guest.assembly();
    if (peers.hub() == null) {
      new FiledResources(FiledResources.OF_HUB)
          .write(settings().configuration().hub().resources(), assembly.secretSource());
    }
    StoreGauges.addTo(metrics, assembly.workDir(), assembly.snapshotter(), new UsageMeter(), log);
    Leftovers.remove(assembly.workDir(), assembly.snapshotter(), log);
    try (PullTraces _ = traces;
        Lifecycle life = Lifecycle.begin(log, supervisor(), readiness);
        OperationsServer operations = operations();
        TtrpcServer server = listen()) {
      log.info(
          "listening",
          field("socket", server.socket()),
          field("hub", peers.hub()),
          field("metrics", operations == null ? null : operations.address()),
          field("traces", traces),
          field("work_dir", assembly.workDir()),
          field("pulls", pulls()),
          field("layers", budget == null ? null : budget.layers()));
      life.serve(this::reload);
      return end(life, server);
    } catch (IOException failed) {
      throw new StoreException(String.valueOf(failed.getMessage()), failed);
    }
  }

  private Supervisor supervisor() throws BadReferenceException {
    String address = environment.getOrDefault("NOTIFY_SOCKET", "");
    return address.isEmpty() ? Supervisor.NONE : NotifySocket.of(address)::send;
  }

  private @Nullable OperationsServer operations() throws BadReferenceException {
    Optional<String> address = options.value("metrics");
    return address.isPresent()
        ? OperationsServer.open(ListenAddress.parse(address.get(), "--metrics"), metrics, readiness)
        : null;
  }

  /// Answers calls until what is returned is closed.
  TtrpcServer listen() throws IOException, BadReferenceException {
    PullService pull =
        new PullService(
            () -> guest,
            new Scratch(
                options.value("scratch-device").orElse(null),
                options.has("scratch-integrity"),
                peers.hub(),
                log),
            new Measurements(peers.agent(), log),
            new ObservedPulls(log, metrics, traces == null ? PullObserver.NONE : traces),
            pulls(),
            log);
    Services services = new ServiceCalls(calls).services(pull, peers.hub());
    ServerLimits limits = budget == null ? LIMITS : FEW;
    return inherited == null
        ? TtrpcServer.listen(peers.own(), services, limits)
        : TtrpcServer.listen(inherited, services, limits);
  }

  private int pulls() throws BadReferenceException {
    return budget == null ? options.pulls() : budget.pulls();
  }

  /// For the pulls that begin from now on; sockets and limits stay as they are.
  void reload() throws ImageException {
    guest = new Guest(new Assembly(options, settings(), peers, memory));
  }

  private int end(Lifecycle life, TtrpcServer server) throws IOException, InterruptedException {
    boolean _ = server.drain(Duration.ZERO);
    int status = life.drain(calls);
    boolean _ = server.drain(WRITING);
    return status;
  }
}
