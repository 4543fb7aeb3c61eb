import ArgumentParser
import Backtesting
import HTTPAPI
import Pipelines
import Synchronization
import Trading

/// Backtests that were asked for over HTTP: one at a time, in the order in which they came.
actor BacktestJobs {
  enum State: String, Sendable { case waiting, running, done, failed, cancelled }

  struct Job: Sendable {
    let id: Int
    let question: BacktestQuestion
    let askedAt: Instant
    var state = State.waiting
    var startedAt, endedAt: Instant?
    var reason: String?
    /// What could not be run, of several.
    var failures: [String] = []
    var result: String?
    fileprivate(set) var progress = BacktestProgress()
  }

  /// Those that wait, at most; and those that have ended and are kept.
  private static let waiting = 20
  private static let kept = 20

  private let now: @Sendable () -> Instant
  private let events: EventHub
  private let thread = WorkThreads("backtests")
  private var jobs: [Job] = []
  private var next = 1
  private var running: Task<Void, Never>?
  private var isStopped = false

  init(now: @escaping @Sendable () -> Instant, events: EventHub) {
    self.now = now
    self.events = events
  }

  /// The latest first.
  var all: [Job] { jobs.reversed() }
  var unended: Int { jobs.count { $0.state == .waiting || $0.state == .running } }

  func job(_ id: Int) -> Job? { jobs.first { $0.id == id } }

  func ask(_ question: BacktestQuestion, _ workspace: Workspace) throws(Problem) -> Job {
    guard !isStopped, jobs.count(where: { $0.state == .waiting }) < BacktestJobs.waiting else {
      throw Problem(503, "too many backtests wait already", headers: [["Retry-After", "30"]])
    }
    let job = Job(id: next, question: question, askedAt: now())
    next += 1
    jobs.append(job)
    let ended = jobs.filter { ![.waiting, .running].contains($0.state) }
    if ended.count > BacktestJobs.kept, let oldest = ended.first { jobs.removeAll { $0.id == oldest.id } }
    begin(workspace)
    return job
  }

  /// False where it has ended already, or is not there.
  func cancel(_ id: Int) -> Bool {
    guard let place = jobs.firstIndex(where: { $0.id == id }) else { return false }
    switch jobs[place].state {
    case .waiting: end(id, .cancelled, "it was cancelled", nil, [])
    case .running: running?.cancel()
    case .done, .failed, .cancelled: return false
    }
    return true
  }

  func stop() {
    isStopped = true
    for job in jobs where job.state == .waiting { end(job.id, .cancelled, "the host stops", nil, []) }
    running?.cancel()
  }

  private func begin(_ workspace: Workspace) {
    guard running == nil, let place = jobs.firstIndex(where: { $0.state == .waiting }) else { return }
    jobs[place].state = .running
    jobs[place].startedAt = now()
    let job = jobs[place]
    tell(job)
    running = Task {
      let work = Task(executorPreference: thread) { try await job.question.answer(workspace, job.progress) }
      let result = await withTaskCancellationHandler {
        await work.result
      } onCancel: {
        work.cancel()
      }
      switch result {
      case .success(let answer): end(job.id, .done, nil, answer.text, answer.failures)
      case .failure(is CancellationError): end(job.id, .cancelled, "it was cancelled", nil, [])
      case .failure(let error): end(job.id, .failed, (error as? Failure)?.message ?? "\(error)", nil, [])
      }
      running = nil
      begin(workspace)
    }
  }

  private func end(_ id: Int, _ state: State, _ reason: String?, _ result: String?, _ failures: [String]) {
    guard let place = jobs.firstIndex(where: { $0.id == id }) else { return }
    jobs[place].state = state
    jobs[place].endedAt = now()
    jobs[place].reason = reason
    jobs[place].result = result
    jobs[place].failures = failures
    tell(jobs[place])
  }

  private func tell(_ job: Job) { events.tell(HostEvent("backtest", at: now(), job.json)) }
}

/// How far a backtest has come.
final class BacktestProgress: Sendable {
  private let state = Mutex((done: 0, total: 0))

  var value: (done: Int, total: Int) { state.withLock { $0 } }

  func begin(of total: Int) { state.withLock { $0.total = total } }
  func step() { state.withLock { $0.done += 1 } }
}

extension BacktestJobs.Job {
  var json: JSONValue {
    let (done, total) = progress.value
    func text(_ moment: Instant?) -> JSONValue { moment.map { .string("\($0)") } ?? .null }
    return .object([
      ("id", .number(Double(id))), ("state", .string(state.rawValue)),
      ("strategies", .array(question.strategies.map { .string($0) })),
      ("symbol", question.symbol.map { .string($0) } ?? .null),
      ("progress", .object([("done", .number(Double(done))), ("total", .number(Double(total)))])),
      ("asked_at", .string("\(askedAt)")), ("started_at", text(startedAt)), ("ended_at", text(endedAt)),
      ("reason", reason.map { .string($0) } ?? .null), ("failures", .array(failures.map { .string($0) })),
      ("result", result == nil ? .null : .string("/api/v1/backtests/\(id)/result")),
    ])
  }
}

/// What a backtest is asked for, as the command's options say it.
struct BacktestQuestion: Sendable {
  var strategies: [String] = []
  var symbol: String?
  /// `--from 2008-01-31`, word by word.
  var options: [String] = []

  struct Result: Sendable {
    let text: String
    let failures: [String]
  }

  /// What `finstage backtest --format json` prints.
  func answer(_ workspace: Workspace, _ progress: BacktestProgress) async throws -> Result {
    var options = try ReplayOptions.parse(self.options).options()
    options.outcomesInDetail = true
    let lengths: Set<Timeframe>? = if let symbol { try await workspace.lengths(of: symbol) } else { nil }
    var plan = try BacktestPlan(
      workspace, strategies: strategies, data: [], symbol: symbol, takesBooks: true, takesAlerts: !strategies.isEmpty,
      tryingAt: lengths)
    progress.begin(of: plan.size)
    let outcome = try await plan.run(options) { _ in progress.step() }
    try Task.checkCancellation()
    let (results, selections) = try LedgerOption.parse([]).place(in: workspace).correct(outcome)
    guard !results.isEmpty else { throw Failure(.unusable, plan.failures.joined(separator: "\n")) }
    return Result(text: try BacktestReport(results, selections: selections).json(), failures: plan.failures)
  }
}
