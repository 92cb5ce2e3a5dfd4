package io.sealift.cri;

import static io.sealift.service.Log.field;

import io.sealift.cri.image.Collection;
import io.sealift.cri.image.Footprint;
import io.sealift.cri.image.NodeImages;
import io.sealift.cri.image.Pulls;
import io.sealift.failure.BadReferenceException;
import io.sealift.failure.ImageException;
import io.sealift.failure.StoreException;
import io.sealift.imageconfig.ProcessSettings;
import io.sealift.linux.NotifySocket;
import io.sealift.pull.LayerMemory;
import io.sealift.registry.Retries;
import io.sealift.service.Activation;
import io.sealift.service.Budget;
import io.sealift.service.Calls;
import io.sealift.service.Lifecycle;
import io.sealift.service.Log;
import io.sealift.service.ObservedPulls;
import io.sealift.service.OperationsServer;
import io.sealift.service.ProcessGauges;
import io.sealift.service.PullObserver;
import io.sealift.service.Readiness;
import io.sealift.service.StoreGauges;
import io.sealift.service.Supervisor;
import io.sealift.service.metrics.Metrics;
import io.sealift.snapshot.Snapshotter;
import io.sealift.store.UsageMeter;
import io.sealift.telemetry.PullTraces;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The daemon from its socket to its end: answers calls, reads its settings again when it is told
/// to, and ends when it is told to.
final class Daemon {

  private final ServeOptions options;
  private final Map<String, String> environment;
  private final String version;
  private final Log log;
  private final Retries retries;
  private final @Nullable Budget budget;
  private final LayerMemory memory;
  private final Path workDir;
  private final Snapshotter snapshotter;
  private final NodeImages images;
  private final UsageMeter usage = new UsageMeter();
  private final Metrics metrics = new Metrics();
  private final Readiness readiness = new Readiness(List.of());
  private final Calls calls = new Calls();

  /// Null when the environment names no exporter.
  private final @Nullable PullTraces traces;

  private volatile Node node;

  /// @param environment of the process
  /// @throws ImageException when options or settings are not sound
  Daemon(ServeOptions options, Map<String, String> environment, String version, Log log)
      throws ImageException, InterruptedIOException {
    this(options, environment, version, log, Retries.DEFAULT);
  }

  Daemon(
      ServeOptions options,
      Map<String, String> environment,
      String version,
      Log log,
      Retries retries)
      throws ImageException, InterruptedIOException {
    options.check();
    this.options = options;
    this.environment = environment;
    this.version = version;
    this.log = log;
    this.retries = retries;
    budget = options.budget().orElse(null);
    memory = budget == null ? new LayerMemory() : budget.memory();
    Assembly assembly = assemble();
    workDir = assembly.workDir();
    snapshotter = assembly.snapshotter();
    images = new NodeImages(workDir, snapshotter);
    node = assembly.node(0);
    traces = Assembly.traces(environment, version);
  }

  private Assembly assemble() throws ImageException {
    return new Assembly(
        options, ProcessSettings.read(options.config, environment), memory, retries);
  }

  /// Serves until a signal says otherwise.
  ///
  /// @return the status that the process is to end with
  int run() throws ImageException, InterruptedIOException, InterruptedException {
    ProcessGauges.addTo(metrics, log);
    StoreGauges.addTo(metrics, workDir, snapshotter, usage, log);
    try (PullTraces _ = traces;
        Lifecycle life = Lifecycle.begin(log, supervisor(), readiness);
        OperationsServer operations = operations();
        Serving serving = listen()) {
      log.info(
          "listening",
          field("socket", serving.socket()),
          field("metrics", operations == null ? null : operations.address()),
          field("traces", traces),
          field("work_dir", workDir),
          field("pulls", pulls()),
          field("layers", budget == null ? null : budget.layers()));
      life.serve(this::reload);
      serving.drain();
      log.info("no further calls are taken", field("calls", calls.running()));
      return life.drain(calls);
    } catch (IOException failed) {
      throw new StoreException("serve: %s".formatted(failed), failed);
    }
  }

  /// Answers calls until what is returned is closed.
  Serving listen() throws ImageException, IOException, InterruptedIOException {
    images.pin(node.pins());
    Optional<ServerSocketChannel> inherited = Activation.socket(environment::get);
    SocketFile file = inherited.isPresent() ? null : SocketFile.listen(options.socket());
    Collection collection = Collection.start(workDir, snapshotter, log);
    boolean done = false;
    try {
      ServerSocketChannel socket = file == null ? inherited.orElseThrow() : file.channel();
      CriServer server = serve(socket, collection);
      done = true;
      return new Serving(
          file,
          server,
          collection,
          file == null ? String.valueOf(socket.getLocalAddress()) : file.path().toString());
    } finally {
      if (!done) {
        collection.close();
        if (file != null) {
          file.close();
        }
      }
    }
  }

  private CriServer serve(ServerSocketChannel socket, Collection collection) throws StoreException {
    ImageService service =
        new ImageService(
            () -> node,
            images,
            new Pulls(
                new ObservedPulls(log, metrics, traces == null ? PullObserver.NONE : traces),
                pulls(),
                calls),
            collection,
            new Footprint(workDir, snapshotter, usage, InstantSource.system()),
            workDir,
            options.runtimeHandlers,
            log);
    RuntimeService runtime =
        new RuntimeService(version, options.runtimeHandlers, told(), readiness);
    Answering answering = new Answering(calls, readiness, log, metrics);
    return CriServer.start(
        socket, List.of(service.definition(answering), runtime.definition(answering)));
  }

  private int pulls() {
    return budget == null ? options.maxConcurrentPulls : budget.pulls();
  }

  /// Whether calls are welcome.
  Readiness readiness() {
    return readiness;
  }

  /// What there is to tell of the settings.
  private Map<String, Object> told() {
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("workDir", workDir.toString());
    told.put("maxConcurrentPulls", pulls());
    told.put("runtimeHandlers", options.runtimeHandlers);
    return told;
  }

  private Supervisor supervisor() throws BadReferenceException {
    String address = environment.getOrDefault("NOTIFY_SOCKET", "");
    return address.isEmpty() ? Supervisor.NONE : NotifySocket.of(address)::send;
  }

  private @Nullable OperationsServer operations() throws BadReferenceException {
    Optional<InetSocketAddress> address = options.metrics();
    return address.isPresent() ? OperationsServer.open(address.get(), metrics, readiness) : null;
  }

  /// For the calls that begin from now on; the store, sockets and limits stay as they are.
  void reload() throws ImageException, InterruptedIOException {
    Assembly next = assemble();
    Node fresh = next.node(node.number() + 1);
    if (!next.workDir().equals(workDir)) {
      log.warn(
          "the store stays where it is until the daemon is started again",
          field("work_dir", workDir),
          field("wanted", next.workDir()));
    }
    images.pin(fresh.pins());
    node = fresh;
  }

  /// A daemon that answers.
  ///
  /// @param file null for a socket that somebody else made
  record Serving(@Nullable SocketFile file, CriServer server, Collection collection, String socket)
      implements AutoCloseable {

    /// Lets no further call begin. A socket of our own is gone at once, for a successor to make its
    /// own; in one that somebody else made, calls wait for one.
    void drain() throws IOException {
      server.drain();
      if (file != null) {
        file.close();
      }
    }

    @Override
    public void close() throws IOException {
      server.close();
      collection.close();
      if (file != null) {
        file.close();
      }
    }
  }
}
