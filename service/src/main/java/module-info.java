/// What every daemon is asked by those who run it: logs, metrics, health, an orderly end.
module io.sealift.service {
  requires transitive io.sealift.core;
  requires jdk.httpserver;
  requires transitive java.logging;
  requires jdk.unsupported; // signals
  requires static org.jspecify;

  exports io.sealift.service;
  exports io.sealift.service.metrics;
}
