import HTTPAPI
import Pipelines
import Synchronization
import Trading

/// Work that is asked for over HTTP and takes a while.
protocol WorkQuestion: Sendable {
  associatedtype Answer: Sendable
  /// What listeners are told of it: `backtest`, `sweep`.
  static var kind: String { get }
  /// What is asked, for who looks at the job.
  var fields: [(String, JSONValue)] { get }
  /// Where the answer of a job is.
  static func place(of job: Int) -> String
  func answer(_ workspace: Workspace, _ progress: WorkProgress) async throws -> (answer: Answer, failures: [String])
}

/// Work that was asked for over HTTP: one at a time, in the order in which it came.
actor WorkJobs<Question: WorkQuestion> {
  enum State: String, Sendable { case waiting, running, done, failed, cancelled }

  struct Job: Sendable {
    let id: Int
    let question: Question
    let askedAt: Instant
    var state = State.waiting
    var startedAt, endedAt: Instant?
    var reason: String?
    /// What could not be run, of several.
    var failures: [String] = []
    var answer: Question.Answer?
    fileprivate(set) var progress = WorkProgress()

    var hasEnded: Bool { state != .waiting && state != .running }
  }

  /// Those that wait, at most; and those that have ended and are kept.
  private let waiting = 20
  private let kept = 20

  private let now: @Sendable () -> Instant
  private let events: EventHub
  private let thread = WorkThreads(Question.kind)
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
  var unended: Int { jobs.count { !$0.hasEnded } }

  func job(_ id: Int) -> Job? { jobs.first { $0.id == id } }

  func ask(_ question: Question, _ workspace: Workspace) throws(Problem) -> Job {
    guard !isStopped, jobs.count(where: { $0.state == .waiting }) < waiting else {
      throw Problem(503, "too many \(Question.kind)s wait already", headers: [["Retry-After", "30"]])
    }
    let job = Job(id: next, question: question, askedAt: now())
    next += 1
    jobs.append(job)
    let ended = jobs.filter(\.hasEnded)
    if ended.count > kept, let oldest = ended.first { jobs.removeAll { $0.id == oldest.id } }
    begin(workspace)
    return job
  }

  /// False where it has ended already, or is not there.
  func cancel(_ id: Int) -> Bool {
    guard let place = jobs.firstIndex(where: { $0.id == id }) else { return false }
    switch jobs[place].state {
    case .waiting: end(id, .cancelled, "it was cancelled")
    case .running: running?.cancel()
    case .done, .failed, .cancelled: return false
    }
    return true
  }

  func stop() {
    isStopped = true
    for job in jobs where job.state == .waiting { end(job.id, .cancelled, "the host stops") }
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
      case .success(let found): end(job.id, .done, nil, found.answer, found.failures)
      case .failure(is CancellationError): end(job.id, .cancelled, "it was cancelled")
      case .failure(let error): end(job.id, .failed, (error as? Failure)?.message ?? "\(error)")
      }
      running = nil
      begin(workspace)
    }
  }

  private func end(
    _ id: Int, _ state: State, _ reason: String?, _ answer: Question.Answer? = nil, _ failures: [String] = []
  ) {
    guard let place = jobs.firstIndex(where: { $0.id == id }) else { return }
    jobs[place].state = state
    jobs[place].endedAt = now()
    jobs[place].reason = reason
    jobs[place].answer = answer
    jobs[place].failures = failures
    tell(jobs[place])
  }

  private func tell(_ job: Job) { events.tell(HostEvent(Question.kind, at: now(), job.json)) }
}

/// How far work has come.
final class WorkProgress: Sendable {
  private let state = Mutex((done: 0, total: 0))

  var value: (done: Int, total: Int) { state.withLock { $0 } }

  func begin(of total: Int) { state.withLock { $0.total = total } }
  func step(_ count: Int = 1) { state.withLock { $0.done += count } }
}

extension WorkJobs.Job {
  var json: JSONValue {
    let (done, total) = progress.value
    func text(_ moment: Instant?) -> JSONValue { moment.map { .string("\($0)") } ?? .null }
    return .object(
      [("id", .number(Double(id))), ("state", .string(state.rawValue))] + question.fields + [
        ("progress", .object([("done", .number(Double(done))), ("total", .number(Double(total)))])),
        ("asked_at", .string("\(askedAt)")), ("started_at", text(startedAt)), ("ended_at", text(endedAt)),
        ("reason", reason.map { .string($0) } ?? .null), ("failures", .array(failures.map { .string($0) })),
        ("result", answer == nil ? .null : .string(Question.place(of: id))),
      ])
  }
}
