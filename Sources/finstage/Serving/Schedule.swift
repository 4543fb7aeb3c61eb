import Engine
import Logging
import Reporting
import Storage
import Trading

/// What the configuration schedules, bound to what the host does.
struct Schedule {
  private let host: Host
  private let log: Logger
  private let notice: ServiceNotice
  private let settings: SchedulerSettings
  private let surroundings: Surroundings
  private let bell: SchedulerBell?
  private let heard: @Sendable (SchedulerEvent) -> Void

  init(
    _ host: Host, _ log: Logger, _ notice: ServiceNotice, settings: SchedulerSettings = SchedulerSettings(),
    in surroundings: Surroundings, bell: SchedulerBell? = nil,
    heard: @escaping @Sendable (SchedulerEvent) -> Void = { _ in }
  ) {
    self.bell = bell
    self.heard = heard
    self.host = host
    self.log = log
    self.notice = notice
    self.settings = settings
    self.surroundings = surroundings
  }

  var jobs: [ScheduledJob] {
    host.configuration.schedule.compactMap { item in
      work(item.job).map { work in ScheduledJob(item.plan, work: { try await traced($0, item.job, work) }) }
    }
  }

  /// What is scheduled and not run.
  var passedOver: [String] {
    host.configuration.schedule.filter { work($0.job) == nil }
      .map { "schedule: \($0.plan.name): this version has no job \($0.job.rawValue); it is passed over" }
  }

  var scheduler: Scheduler {
    let (log, notice, heard) = (log, notice, heard)
    var settings = settings
    settings.seed = surroundings.seed
    return Scheduler(
      jobs, store: host.store, clock: surroundings.clock, settings: settings, executor: surroundings.executor,
      bell: bell
    ) { event in
      heard(event)
      Schedule.tell(event, log, notice)
    }
  }

  private func traced(
    _ slot: JobSlot, _ job: JobKind, _ work: @Sendable (JobSlot) async throws -> String?
  ) async throws -> String? {
    try await HostTracing.span(
      "job \(job.rawValue)",
      [("job.name", slot.job), ("job.slot", "\(slot.dueAt)"), ("job.attempt", "\(slot.attempt)")],
      now: surroundings.now
    ) { try await work(slot) }
  }

  private func work(_ job: JobKind) -> (@Sendable (JobSlot) async throws -> String?)? {
    let host = host
    switch job {
    case .collect: return { _ in try await host.collect() }
    case .evaluate: return { _ in try await host.evaluate(.everything) }
    case .backup: return { _ in try await host.backUp() }
    case .prune: return { _ in try await host.prune() }
    // What is in the outbox goes out by itself, whenever it is due.
    case .notify: return { _ in nil }
    case .news: return { _ in try await host.news() }
    case .outcomes: return { _ in try await host.trackOutcomes() }
    case .patterns: return { _ in try await host.discover() }
    case .priceMonitor: return { _ in try await host.evaluate(.priceAlerts) }
    case .highs: return { _ in try await host.highs() }
    case .snapshots: return { _ in try await host.snapshots() }
    case .dailyReport: return { slot in try await host.report(.daily, for: slot) }
    case .weeklyReport: return { slot in try await host.report(.weekly, for: slot) }
    }
  }

  private static func tell(_ event: SchedulerEvent, _ log: Logger, _ notice: ServiceNotice) {
    switch event {
    case .began(let slot): log.debug("\(slot.job): began", metadata: ["slot": "\(slot.dueAt)"])
    case .done(let slot, let detail):
      log.info(
        "\(slot.job): \(detail ?? "done")",
        metadata: ["slot": "\(slot.dueAt)", "event.action": "\(slot.job)", "event.outcome": "success"])
    case .failed(let slot, let reason):
      log.error(
        "\(slot.job): failed: \(reason)",
        metadata: [
          "slot": "\(slot.dueAt)", "attempt": "\(slot.attempt)", "event.action": "\(slot.job)",
          "event.outcome": "failure", "error.message": "\(reason)",
        ])
    case .willRetry(let slot, let reason, let moment):
      log.warning("\(slot.job): \(reason); tried again at \(moment)", metadata: ["slot": "\(slot.dueAt)"])
    case .skipped(let job, let slots):
      log.warning(
        "\(job): \(slots.count) slots were late, and are passed over",
        metadata: ["last": "\(slots.last.map { "\($0)" } ?? "")"])
    case .lost(let slot, let again):
      log.warning(
        "\(slot.job): was running when the host ended\(again ? "; runs again" : "")",
        metadata: ["slot": "\(slot.dueAt)"])
    case .released(let slot): log.warning("\(slot.job): ended by the stop; runs again at the next start")
    case .clockWentBack(let length): log.warning("the clock was put back by \(length / 1_000) seconds")
    case .storeFailed(let error): log.error("the store: \(error)")
    case .turned: notice.say("WATCHDOG=1")
    }
  }
}
