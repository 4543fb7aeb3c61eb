import Engine
import SeriesMath
import Synchronization
import Trading

/// What a program takes from outside: the time and chance. A test hands in its own, and sees the same run each time.
struct Surroundings: Sendable {
  let clock: any HostClock
  /// Where work runs that goes on when who began it has been told to stop; nil for Swift's own threads.
  let executor: (any TaskExecutor)?
  /// Told of +1 when a call begins whose answer comes from a thread of SQLite or libcurl, and of −1 when it is there.
  let calls: (@Sendable (Int) -> Void)?
  /// What is drawn before anything runs: the spread of jobs over time.
  let seed: UInt64
  private let chance: Chance

  private final class Chance: Sendable {
    let state: Mutex<SplitMix64>
    init(seed: UInt64) { state = Mutex(SplitMix64(seed: seed)) }
  }

  init(
    clock: any HostClock, seed: UInt64, executor: (any TaskExecutor)? = nil,
    calls: (@Sendable (Int) -> Void)? = nil
  ) {
    self.clock = clock
    self.executor = executor
    self.calls = calls
    self.seed = seed
    chance = Chance(seed: seed)
  }

  /// Those of the machine.
  static let machine = Surroundings(clock: SystemClock(), seed: UInt64.random(in: 0...UInt64.max))

  var now: @Sendable () -> Instant {
    let clock = clock
    return { clock.now() }
  }

  /// Sleeps for milliseconds.
  var sleep: @Sendable (Int64) async throws -> Void {
    let clock = clock
    return { try await clock.sleep(until: clock.now().advanced(by: $0)) }
  }

  /// Numbers in 0 ..< 1.
  var random: @Sendable () -> Double {
    let chance = chance
    return { chance.state.withLock { $0.unit() } }
  }

  /// Where another sequence of chance begins.
  func drawSeed() -> UInt64 { chance.state.withLock { $0.next() } }
}
