/// Numbers that a daemon counts, and the page that Prometheus reads them from. Every series exists
/// from the beginning and no other one comes up: what may stand in a label is written down where
/// the metric is made, so that nobody who names images can fill the memory of a monitoring system.
/// Open {@link io.sealift.service.metrics.Metrics} first.
@NullMarked
package io.sealift.service.metrics;

import org.jspecify.annotations.NullMarked;
