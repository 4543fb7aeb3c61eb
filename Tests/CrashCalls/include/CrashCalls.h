/// A library that is loaded before all others (`LD_PRELOAD`) into the program under test, which is not changed for it.
/// It stands between the program and the C library, names each call by which a store or a connection is changed or read,
/// and ends the process with SIGKILL at the one that it is told. Linux only; elsewhere it is empty.
///
/// Environment:
/// - `CRASH_FOLDER`: files below it count.
/// - `CRASH_PORTS`: connections that count, by the peer's port: `source=4100,telegram=4101`.
/// - `CRASH_TRACE`: a file that the name of each step is added to, a line each.
/// - `CRASH_STEP`: the name of the step at which the process ends; without it every step counts.
/// - `CRASH_NUMBER`: its how-manieth occurrence, from 1; without it the process lives.
/// - `CRASH_HOW`: `before` the call, `after` it, `within:PERCENT` (so much of what it writes is written), or
///   `later:MICROSECONDS` after it.
///
/// A step of the store says in brackets what the transaction under way has changed: `store [signal outbox] write log`.
void crash_calls_are_loaded(void);
