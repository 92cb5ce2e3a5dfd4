/// What a daemon owes those who run it, whatever it serves: structured logs, metrics, health, and
/// an orderly beginning and end. In come the events of pulls and the signals of the system; out go
/// lines, numbers and one exit status. Nothing here knows what is served.
@NullMarked
package io.sealift.service;

import org.jspecify.annotations.NullMarked;
