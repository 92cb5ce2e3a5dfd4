package io.sealift.pull;

import io.sealift.failure.ImageException;
import io.sealift.oci.Descriptor;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Works on the layers of one image, several side by side. The largest begins first: it decides
/// when all are done, so it must not begin last.
final class LayerWorkers {

  private final int workers;
  private final LayerPipeline pipeline;

  /// @param workers layers side by side
  /// @param pipeline that they go through
  LayerWorkers(int workers, LayerPipeline pipeline) {
    this.workers = workers;
    this.pipeline = pipeline;
  }

  /// What is to be done with a layer.
  record Job(Descriptor layer, Work work) {}

  /// Does it.
  interface Work {
    void run(LayerPipeline pipeline) throws ImageException, InterruptedIOException;
  }

  /// Returns when all jobs are done; the first failure cancels the others.
  void run(List<Job> jobs) throws ImageException, InterruptedIOException {
    List<Job> order = new ArrayList<>(jobs);
    order.sort((one, other) -> Long.compare(other.layer().size(), one.layer().size()));
    Queue<Job> queue = new ConcurrentLinkedQueue<>(order);
    try (TaskGroup group = new TaskGroup()) {
      for (int worker = Math.min(workers, queue.size()); worker > 0; worker--) {
        group.fork("layers " + worker, () -> work(queue));
      }
      group.join();
    }
  }

  private void work(Queue<Job> queue) throws ImageException, InterruptedIOException {
    for (Job job = queue.poll(); job != null; job = queue.poll()) {
      job.work().run(pipeline);
    }
  }
}
