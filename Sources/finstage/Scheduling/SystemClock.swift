import Engine
import Trading

#if canImport(Glibc)
import CDispatch  // a release build finds some of C's structs there
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The clock of the machine.
struct SystemClock: HostClock {
  func now() -> Instant {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Instant(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
  }

  func sleep(until moment: Instant) async throws {
    // By a clock that goes on while the machine sleeps, and that nobody puts forward or back.
    let length = max(0, moment.milliseconds - now().milliseconds)
    try await Task.sleep(for: .milliseconds(length), clock: .continuous)
  }
}
