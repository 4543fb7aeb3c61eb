import Storage
import Trading

/// The state of a running scheduler. One task owns it; runs and timers are tasks that send it events.
struct SchedulerLoop {
  enum Event: Sendable {
    case woke
    /// The store says something new.
    case rung
    case ended(Int64, JobAttempt.Ending)
    case stop, patienceIsOver, releaseIsOver
  }

  struct Running {
    let slot: JobSlot
    let task: Task<Void, Never>
    var isCancelled = false
  }

  struct Unrecorded {
    let id: Int64
    let slot: JobSlot
    let ending: JobAttempt.Ending
    let endedAt: Instant
  }

  let jobs: [ScheduledJob]
  let plans: [String: JobPlan]
  let upstream: [String: Set<String>]
  let store: any JobStore
  let clock: any HostClock
  let settings: SchedulerSettings
  let executor: (any TaskExecutor)?
  let report: @Sendable (SchedulerEvent) -> Void
  let sender: AsyncStream<Event>.Continuation

  /// Up to where the slots of each recurring job have been decided.
  var marks: [String: Instant] = [:]
  /// The first slot of each behind its mark, so that it is not looked for at each turn; nil where there is none.
  var upcoming: [String: Instant?] = [:]
  /// Jobs whose mark went back with the clock, which the store does not know yet.
  var rewound: Set<String> = []
  var running: [Int64: Running] = [:]
  /// Endings that the store did not take yet.
  var unrecorded: [Unrecorded] = []
  /// Jobs that rest: none of their slots becomes pending, and what is pending waits.
  var resting: Set<String> = []
  /// Whether the store may hold a pending run that could begin now.
  var mayBegin = true
  /// When the first pending run that waits for its time can begin.
  var firstWaiting: Instant?
  var isReady = false
  private var isStopping = false
  private var hasFailed = false
  private var lastTurn: Instant?
  private var alarm: (at: Instant, task: Task<Void, Never>)?

  init(_ scheduler: Scheduler, _ sender: AsyncStream<Event>.Continuation) {
    jobs = scheduler.jobs
    plans = Dictionary(jobs.map { ($0.plan.name, $0.plan) }, uniquingKeysWith: { first, _ in first })
    upstream = JobOrder.upstream(of: jobs.map(\.plan))
    store = scheduler.store
    clock = scheduler.clock
    settings = scheduler.settings
    executor = scheduler.executor
    report = scheduler.report
    self.sender = sender
  }

  mutating func run(_ events: AsyncStream<Event>) async {
    await turn()
    for await event in events {
      switch event {
      case .woke: alarm = nil
      case .rung: isReady ? await readPauses() : ()
      case .ended(let id, let ending): await end(id, ending)
      case .stop: stop()
      case .patienceIsOver:
        for id in running.keys {
          running[id]?.isCancelled = true
          running[id]?.task.cancel()
        }
        send(.releaseIsOver, after: settings.release)
      case .releaseIsOver: await release()
      }
      if !isStopping {
        await turn()
      } else if running.isEmpty {
        break
      }
    }
    alarm?.task.cancel()
    sender.finish()
    await recordAgain()
  }

  /// Looks at the clock, decides what is due, begins what can begin, and sets the alarm.
  private mutating func turn() async {
    let now = clock.now()
    if let lastTurn, now < lastTurn { wentBack(from: lastTurn, to: now) }
    lastTurn = now
    do throws(StoreError) {
      if !isReady { try await takeUp(at: now) }
      try await decide(at: now)
      if mayBegin || firstWaiting.map({ $0 <= now }) ?? false {
        try await beginWaiting(at: now)
        mayBegin = false
      }
      hasFailed = false
    } catch {
      hasFailed = true
      report(.storeFailed(error))
    }
    await recordAgain()
    setAlarm(after: now)
    report(.turned(now))
  }

  /// A mark ahead of the clock would hide slots that come once more; that none runs twice is seen to by the store.
  private mutating func wentBack(from before: Instant, to now: Instant) {
    // It went back at some moment since the last look, which is no longer ago than a heartbeat.
    let back = now.advanced(by: -SchedulerSettings.heartbeat)
    for (job, mark) in marks where mark > back {
      marks[job] = back
      upcoming[job] = nil
      rewound.insert(job)
    }
    report(.clockWentBack(by: before.milliseconds - now.milliseconds))
  }

  private mutating func setAlarm(after now: Instant) {
    var next = now.advanced(by: SchedulerSettings.heartbeat)
    for case .some(.some(let slot)) in jobs.map({ upcoming[$0.plan.name] }) { next = min(next, slot) }
    if let firstWaiting { next = min(next, firstWaiting) }
    // After a fault of the store what is due stays due, and is not asked for without a pause.
    next = max(next, now.advanced(by: hasFailed ? SchedulerSettings.pause : 1))
    if let alarm, alarm.at <= next, alarm.at > now { return }
    alarm?.task.cancel()
    let clock = clock
    let sender = sender
    let task = Task(executorPreference: executor) {
      do { try await clock.sleep(until: next) } catch { return }
      sender.yield(.woke)
    }
    alarm = (next, task)
  }

  private mutating func stop() {
    guard !isStopping else { return }
    isStopping = true
    alarm?.task.cancel()
    if !running.isEmpty { send(.patienceIsOver, after: settings.patience) }
  }

  private func send(_ event: Event, after length: Int64) {
    let clock = clock
    let sender = sender
    let end = clock.now().advanced(by: length)
    Task(executorPreference: executor) {
      try? await clock.sleep(until: end)
      sender.yield(event)
    }
  }

  private mutating func release() async {
    for (id, run) in running {
      await putBack(id, run.slot)
    }
    running = [:]
  }
}
