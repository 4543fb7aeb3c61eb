import Dispatch
import Synchronization
public import Trading

/// A clock that goes on only when everybody sleeps, and the executor on which that can be seen.
///
/// Tasks with this executor run one after another on one thread. When none of them has anything to do and no call to
/// the outside is open (`outside`), the time jumps to the first sleeper. So a run takes no real time and is the same
/// every time. The wall clock can be put forward and back; sleep goes by time that passes.
public final class SimulatedClock: TaskExecutor, Sendable {
  private struct Sleeper {
    let id: Int
    /// Milliseconds of passed time.
    let end: Int64
    let continuation: UnsafeContinuation<Bool, Never>
  }

  private struct State {
    var jobs: [UnownedJob] = []
    var sleepers: [Sleeper] = []
    var plans: [(at: Int64, body: @Sendable () -> Void)] = []
    var passed: Int64 = 0
    var wall: Int64
    var lastID = 0
    var cancelled: Set<Int> = []
    var outside = 0
  }

  private let state: Mutex<State>
  /// As many as there are jobs.
  private let waiting = DispatchSemaphore(value: 0)

  public init(_ start: Instant) { state = Mutex(State(wall: start.milliseconds)) }

  public func now() -> Instant { state.withLock { Instant(milliseconds: $0.wall + $0.passed) } }

  /// Milliseconds that have passed, whatever the wall clock shows.
  public var passed: Int64 { state.withLock { $0.passed } }

  /// Puts the wall clock forward, or back where it is below zero.
  public func jump(by milliseconds: Int64) { state.withLock { $0.wall += milliseconds } }

  /// Does something when so many milliseconds have passed.
  public func plan(at passed: Int64, _ body: @escaping @Sendable () -> Void) {
    state.withLock { state in
      state.plans.append((passed, body))
      state.plans.sort { $0.at < $1.at }
    }
  }

  public func sleep(until moment: Instant) async throws {
    let id = state.withLock { state in
      state.lastID += 1
      return state.lastID
    }
    let isWhole = await withTaskCancellationHandler {
      await withUnsafeContinuation { continuation in
        let isOver = state.withLock { state in
          let end = moment.milliseconds - state.wall
          if state.cancelled.remove(id) != nil || end <= state.passed { return true }
          state.sleepers.append(Sleeper(id: id, end: end, continuation: continuation))
          return false
        }
        if isOver { continuation.resume(returning: true) }
      }
    } onCancel: {
      let sleeper = state.withLock { state -> Sleeper? in
        guard let place = state.sleepers.firstIndex(where: { $0.id == id }) else {
          state.cancelled.insert(id)
          return nil
        }
        return state.sleepers.remove(at: place)
      }
      sleeper?.continuation.resume(returning: false)
    }
    _ = state.withLock { $0.cancelled.remove(id) }
    if !isWhole || Task.isCancelled { throw CancellationError() }
  }

  /// Whoever sleeps now never wakes, as if the process had been killed.
  public func forget() { state.withLock { $0.sleepers = [] } }

  /// A call whose answer comes from threads of others: the time stands still until it is there.
  public func outside<Value, Fault: Error>(
    _ body: () async throws(Fault) -> Value
  ) async throws(Fault) -> Value {
    state.withLock { $0.outside += 1 }
    defer { state.withLock { $0.outside -= 1 } }
    return try await body()
  }

  /// By how many the calls change whose answers come from threads of others.
  public func note(calls change: Int) { state.withLock { $0.outside += change } }

  public func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    state.withLock { $0.jobs.append(job) }
    waiting.signal()
  }

  /// Lets time pass up to so many milliseconds in all, or until nobody is left that sleeps. What then sleeps goes on
  /// with the next call.
  public func run(until end: Int64) async {
    await withUnsafeContinuation { continuation in
      // Not one of Swift's own threads: this one waits.
      DispatchQueue.global().async {
        self.drain(until: end)
        continuation.resume()
      }
    }
  }

  private func drain(until end: Int64) {
    while true {
      let (hasJob, isOutside) = state.withLock { (!$0.jobs.isEmpty, $0.outside > 0) }
      if hasJob || isOutside {
        waiting.wait()
        let job = state.withLock { $0.jobs.removeFirst() }
        job.runSynchronously(on: asUnownedTaskExecutor())
        continue
      }
      guard advance(until: end) else { return }
    }
  }

  /// Goes to the next thing that is to happen; false where there is none before the end.
  private func advance(until end: Int64) -> Bool {
    enum Step {
      case sleeper(Sleeper)
      case plan(@Sendable () -> Void)
      case over
    }
    let step: Step = state.withLock { state in
      let place = state.sleepers.indices.min {
        (state.sleepers[$0].end, state.sleepers[$0].id) < (state.sleepers[$1].end, state.sleepers[$1].id)
      }
      let sleeper = place.map { state.sleepers[$0] }
      if let plan = state.plans.first, plan.at <= sleeper?.end ?? .max, plan.at <= end {
        state.passed = max(state.passed, plan.at)
        return .plan(state.plans.removeFirst().body)
      }
      guard let place, let sleeper, sleeper.end <= end else {
        state.passed = max(state.passed, end)
        return .over
      }
      state.sleepers.remove(at: place)
      state.passed = max(state.passed, sleeper.end)
      return .sleeper(sleeper)
    }
    switch step {
    case .sleeper(let sleeper): sleeper.continuation.resume(returning: true)
    case .plan(let body): body()
    case .over: return false
    }
    return true
  }
}
