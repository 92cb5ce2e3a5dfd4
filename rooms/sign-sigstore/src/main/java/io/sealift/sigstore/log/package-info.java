/// Transparency logs: an entry, the log's promise of it, the proof that it is in, and whether it is
/// about the signature in question. All of it without asking the log. Open {@link
/// io.sealift.sigstore.log.LogEntry} first.
@NullMarked
package io.sealift.sigstore.log;

import org.jspecify.annotations.NullMarked;
