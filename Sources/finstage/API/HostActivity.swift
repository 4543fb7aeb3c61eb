import Engine
import HTTPAPI
import News
import Notifications
import Pipelines
import Storage
import Synchronization
import Tracing
import Trading

/// What the host has done since it began, for those who ask and those who listen.
final class HostActivity: Sendable {
  /// What became of one job.
  struct JobFigures: Sendable {
    var runs = 0
    var failures = 0
    /// Milliseconds.
    var least: Int64?
    var most: Int64?
    var last: Int64?
    var succeededAt: Instant?
    var running = 0
  }

  let startedAt: Instant
  let events: EventHub
  let resources = ResourceStates()
  let commands = CommandStates()
  private let now: @Sendable () -> Instant
  private let state = Mutex(State())

  private struct State {
    var turnedAt: Instant?
    var jobs: [String: JobFigures] = [:]
    var began: [JobSlot: Instant] = [:]
    var signals = 0
    var errors = 0
    var cpu = 0.0
  }

  init(now: @escaping @Sendable () -> Instant) {
    self.now = now
    startedAt = now()
    events = EventHub(run: String(startedAt.milliseconds, radix: 36))
  }

  /// When the scheduler last looked at the clock; nil where it has not yet.
  var turnedAt: Instant? { state.withLock { $0.turnedAt } }
  var jobs: [String: JobFigures] { state.withLock { $0.jobs } }
  var signals: Int { state.withLock { $0.signals } }

  func note(_ event: SchedulerEvent) {
    switch event {
    case .turned(let moment):
      state.withLock { $0.turnedAt = moment }
      HostMetrics.set("scheduler_last_turn_timestamp_seconds", Double(moment.milliseconds) / 1_000)
    case .began(let slot):
      let began = now()
      state.withLock { state in
        state.began[slot] = began
        state.jobs[slot.job, default: JobFigures()].running += 1
      }
      tell(slot, "running", nil)
    case .done(let slot, let detail):
      end(slot, isDone: true)
      tell(slot, "done", detail)
    case .failed(let slot, let reason):
      end(slot, isDone: false)
      tell(slot, "failed", reason)
    case .willRetry(let slot, let reason, _):
      end(slot, isDone: false)
      tell(slot, "waiting", reason)
    case .released(let slot):
      state.withLock { state in
        state.began[slot] = nil
        state.jobs[slot.job]?.running -= 1
      }
    case .skipped(let job, let slots):
      HostMetrics.count("job_skipped_total", [("job_name", job)], by: slots.count)
    case .storeFailed: HostMetrics.count("errors_total", [("part", "store")])
    case .lost, .clockWentBack: break
    }
    HostMetrics.set("jobs_running", Double(state.withLock { $0.began.count }))
  }

  private func end(_ slot: JobSlot, isDone: Bool) {
    let moment = now()
    let length: Int64? = state.withLock { state in
      let began = state.began.removeValue(forKey: slot)
      let length = began.map { max(0, moment.milliseconds - $0.milliseconds) }
      var figures = state.jobs[slot.job] ?? JobFigures()
      figures.runs += 1
      figures.running -= began == nil ? 0 : 1
      if isDone { figures.succeededAt = moment } else { figures.failures += 1 }
      if let length {
        figures.least = min(figures.least ?? length, length)
        figures.most = max(figures.most ?? length, length)
        figures.last = length
      }
      state.jobs[slot.job] = figures
      return length
    }
    let job = ("job_name", slot.job)
    HostMetrics.count("job_runs_total", [job, ("result", isDone ? "done" : "failed")])
    if let length { HostMetrics.time("job_duration_seconds", milliseconds: length, [job]) }
    if isDone {
      HostMetrics.set("job_last_success_timestamp_seconds", Double(moment.milliseconds) / 1_000, [job])
    } else {
      HostMetrics.count("errors_total", [("part", "jobs")])
    }
  }

  private func tell(_ slot: JobSlot, _ state: String, _ detail: String?) {
    events.tell(
      HostEvent(
        "job", at: now(),
        .object([
          ("job", .string(slot.job)), ("state", .string(state)), ("due_at", .string("\(slot.dueAt)")),
          ("attempt", .number(Double(slot.attempt))), ("detail", detail.map { .string($0) } ?? .null),
        ])))
  }

  /// A pass over the sources has ended.
  func noteFetch(_ results: [(source: String, isSound: Bool)], bars: Int, since began: Instant) {
    for (source, isSound) in results {
      HostMetrics.count("fetches_total", [("source", source), ("result", isSound ? "done" : "failed")])
    }
    HostMetrics.count("fetched_bars_total", by: bars)
    HostMetrics.time("fetch_pass_duration_seconds", milliseconds: now().milliseconds - began.milliseconds)
  }

  /// A pass over the feeds has ended: its source is the feed.
  func noteNews(_ passes: [FeedPass]) {
    for pass in passes {
      if case .leftAlone = pass.outcome { continue }
      HostMetrics.count(
        "fetches_total", [("source", "feed \(pass.feed)"), ("result", pass.failure == nil ? "done" : "failed")])
    }
  }

  /// A pass over the markets has ended.
  func note(_ pass: LivePass, since began: Instant) {
    let moment = now()
    let isSound = pass.failures.isEmpty && pass.storeFault == nil
    HostMetrics.count("evaluations_total", [("result", isSound ? "done" : "failed")])
    HostMetrics.time("evaluation_duration_seconds", milliseconds: moment.milliseconds - began.milliseconds)
    HostMetrics.count("evaluated_bars_total", by: pass.bars)
    if !isSound { HostMetrics.count("errors_total", [("part", "evaluation")], by: max(1, pass.failures.count)) }
    for one in pass.signals where one.id != nil {
      HostMetrics.count("signals_total", [("direction", one.record.signal.direction.rawValue)])
      events.tell(HostEvent("signal", at: moment, SignalListing.item(one)))
    }
    let saved = pass.signals.count { $0.id != nil }
    state.withLock { $0.signals += saved }
    for one in pass.corrections {
      events.tell(
        HostEvent(
          "correction", at: moment,
          .object([
            ("id", .number(Double(one.before.id))), ("state", .string(one.kind.rawValue)),
            ("cause", .string(one.cause)),
          ])))
    }
  }

  /// Signals from outside were saved.
  func noteInbound(_ signals: [LiveSignal]) {
    let moment = now()
    for one in signals {
      HostMetrics.count("signals_total", [("direction", one.record.signal.direction.rawValue)])
      events.tell(HostEvent("signal", at: moment, SignalListing.item(one)))
    }
    state.withLock { $0.signals += signals.count }
  }

  func note(_ event: DrainEvent) {
    let (channel, ids, result): (String, [String], String)
    switch event {
    case .sent(let name, let codes): (channel, ids, result) = (name, codes, "sent")
    case .waiting(let name, let codes, _, _): (channel, ids, result) = (name, codes, "waiting")
    case .unknown(let name, let codes, _): (channel, ids, result) = (name, codes, "unknown")
    case .dead(let name, let codes, _): (channel, ids, result) = (name, codes, "dead")
    case .expired(let name, let codes): (channel, ids, result) = (name, codes, "expired")
    case .parked(let name, _): (channel, ids, result) = (name, [], "parked")
    case .released(let name): (channel, ids, result) = (name, [], "released")
    case .answered(let name, let length):
      HostTracing.record(
        "notification", .producer, [("channel", name)], until: now(), milliseconds: length)
      return HostMetrics.time("notification_duration_seconds", milliseconds: length, [("channel", name)])
    case .storeFailed: return HostMetrics.count("errors_total", [("part", "store")])
    }
    HostMetrics.count("notifications_total", [("channel", channel), ("result", result)], by: max(1, ids.count))
    if ["dead", "unknown", "expired", "parked"].contains(result) {
      HostMetrics.count("errors_total", [("part", "notifications")])
    }
    events.tell(
      HostEvent(
        "message", at: now(),
        .object([
          ("channel", .string(channel)), ("state", .string(result)), ("ids", .array(ids.map { .string($0) })),
        ])))
  }

  /// The strategies, or the configuration, were read again.
  func noteReload(_ changes: [String]) {
    events.tell(HostEvent("reload", at: now(), .object([("changes", .array(changes.map { .string($0) }))])))
  }

  /// A request was answered.
  func note(_ one: APIObservation) {
    let operation = one.operation ?? "none"
    HostMetrics.count("http_requests_total", [("operation", operation), ("status", "\(one.status)")])
    HostMetrics.time("http_request_duration_seconds", milliseconds: one.milliseconds, [("operation", operation)])
    HostTracing.record(
      "\(one.method) \(operation)", .server,
      [("http.request.method", one.method), ("http.response.status_code", "\(one.status)")], until: now(),
      milliseconds: one.milliseconds, isFault: one.status >= 500)
    if one.status >= 500 { HostMetrics.count("errors_total", [("part", "http")]) }
  }

  private func measure(_ levels: [Resource: Double]) {
    let over = resources.over
    for resource in Resource.allCases {
      if resource.isShare, let level = levels[resource] {
        HostMetrics.set("resource_used_ratio", level, [("resource", resource.rawValue)])
      }
      HostMetrics.set("resource_over_limit", over.contains(resource) ? 1 : 0, [("resource", resource.rawValue)])
    }
  }

  /// What is measured when somebody asks.
  func measure(database: String, outbox: [OutboxEntry.State: Int], connections: Int, backtests: Int) {
    let usage = ProcessUsage.now
    let more = state.withLock { state in
      defer { state.cpu = max(state.cpu, usage.cpu) }
      return max(0, usage.cpu - state.cpu)
    }
    HostMetrics.add("process_cpu_seconds_total", more)
    HostMetrics.set("build_info", 1, [("version", Finstage.version)])
    HostMetrics.set("process_start_time_seconds", Double(startedAt.milliseconds) / 1_000)
    if let memory = usage.memory { HostMetrics.set("process_resident_memory_bytes", Double(memory)) }
    if let descriptors = usage.descriptors { HostMetrics.set("process_open_fds", Double(descriptors)) }
    measure(resources.levels(at: now(), database: database))
    HostMetrics.set("store_size_bytes", Double(ProcessUsage.size(ofDatabase: database)))
    for state in OutboxEntry.State.allCases {
      HostMetrics.set("outbox_messages", Double(outbox[state] ?? 0), [("state", state.rawValue)])
    }
    HostMetrics.set("http_connections", Double(connections))
    HostMetrics.set("http_event_listeners", Double(events.listeners))
    HostMetrics.set("backtests_waiting", Double(backtests))
  }
}
