import Synchronization
import Trading

/// A clock that goes on only by the waits that are made.
final class SimulatedClock: Sendable {
  private let state = Mutex((now: Instant(milliseconds: 1_700_000_000_000), waits: [Int64]()))

  var now: Instant { state.withLock { $0.now } }
  /// In milliseconds, in order.
  var waits: [Int64] { state.withLock { $0.waits } }

  func pass(_ milliseconds: Int64) { state.withLock { $0.now = $0.now.advanced(by: milliseconds) } }

  func sleep(_ milliseconds: Int64) {
    state.withLock { state in
      state.now = state.now.advanced(by: milliseconds)
      state.waits.append(milliseconds)
    }
  }
}
