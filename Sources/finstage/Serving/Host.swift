import Engine
import Logging
import Pipelines
import PluginKit
import Storage
import Trading

/// What runs between two readings of the configuration: the store, the strategies at their last bars, the jobs.
///
/// Work of one kind waits for work of the same kind; a slow source does not keep what is stored from being evaluated.
actor Host {
  /// The configuration's file as it was named.
  let path: String
  let reading: ConfigurationReading
  let store: SQLiteStore
  let isDry: Bool
  let log: Logger
  let surroundings: Surroundings
  let connections: Connections
  let activity: HostActivity
  private let bars: CurrentBars
  private let run: LiveRun
  private var live: LiveWorkspace
  /// What has been said of failures, so that the same is not said at every pass.
  private var told: Set<String> = []
  /// What is wrong with the configuration's file, and what was last told of strategies' files.
  var toldFaults: [String]?
  private var toldStrategies: [String: [String]] = [:]

  nonisolated var workspace: Workspace { reading.workspace }
  nonisolated var configuration: Configuration { reading.configuration }

  init(
    _ reading: ConfigurationReading, at path: String, store given: SQLiteStore? = nil, isDry: Bool, jobs: Int,
    log: Logger, activity: HostActivity? = nil, in surroundings: Surroundings = .machine
  ) async throws {
    self.activity = activity ?? HostActivity(now: surroundings.now)
    let (workspace, configuration) = (reading.workspace, reading.configuration)
    self.path = path
    self.reading = reading
    self.isDry = isDry
    self.log = log
    self.surroundings = surroundings
    if let given { store = given } else { store = try await workspace.storeForCollecting(calls: surroundings.calls) }
    connections = Connections(configuration, counting: store, in: surroundings)
    live = try LiveWorkspace(workspace)
    let strategies = try await Host.strategies(live, store, log)
    var settings = LiveRun.Settings()
    settings.jobs = jobs
    bars = CurrentBars(try live.bars(store, for: strategies, through: connections, now: surroundings.now))
    run = LiveRun(bars: bars, store: store, settings: settings)
    let run = run
    let pass = try await storing { () async throws(StoreError) in
      try await run.start(strategies, at: surroundings.clock.now())
    }
    let size = await run.size
    log.notice("\(size.strategies) strategies over \(size.markets) symbols and groups are at their last bars")
    if let line = live.passedOver { log.info("\(line)") }
    await tell(pass.failures)
    try await stamp(strategies, live)
  }

  /// Stamps the rules that run: those that were never seen are born now.
  private func stamp(_ strategies: [LiveStrategy], _ live: LiveWorkspace) async throws(Failure) {
    let (stamps, now, store) = (live.stamps(of: strategies), surroundings.clock.now(), store)
    let births = try await storing { () async throws(StoreError) in try await store.stamp(stamps, at: now) }
    for birth in births { log.notice("\(birth.sentence)") }
  }

  /// The strategies to run: of a faulty file the version that ran before.
  private static func strategies(
    _ live: LiveWorkspace, _ store: SQLiteStore, _ log: Logger
  ) async throws -> [LiveStrategy] {
    let plan = await ReloadPlan(running: try await live.running(store), found: live.found, over: NoBars(), bars: 1)
    for item in plan.items where item.change == .faulty {
      for line in item.faults.flatMap({ $0.split(separator: "\n") }) { log.error("\(line)") }
    }
    return plan.strategies
  }

  /// Brings what `collect:` names; ends with a sentence for the job's row.
  func collect() async throws -> String {
    let plan = try FetchPlan(workspace, store, through: connections, in: surroundings)
    let began = surroundings.clock.now()
    let collected = await Collector(plan.tasks).run(done: { _ in })
    activity.noteFetch(
      collected.map { ($0.key.source, $0.fault == nil) }, bars: collected.reduce(0) { $0 + $1.saved.new }, since: began)
    try Task.checkCancellation()
    let faults = plan.failures + collected.compactMap { $0.fault?.description }
    tell(faults, under: "collect")
    let bars = collected.reduce(0) { $0 + $1.saved.new }
    let text = "\(bars) new bars of \(collected.count - collected.count { $0.fault != nil }) series"
    guard faults.isEmpty || faults.count < max(1, collected.count) else { throw Failure(.unusable, faults[0]) }
    return faults.isEmpty ? text : "\(text); \(faults.count) failed: \(faults[0])"
  }

  /// Evaluates every strategy at the bars that have closed since the last pass, and saves what it says.
  func evaluate(_ scope: LiveRun.Scope) async throws -> String {
    let now = surroundings.clock.now()
    let correlations = try? live.correlations(store, through: connections, now: surroundings.now)
    let notices = PassNotices(configuration, store, now: now, correlations: correlations ?? nil)
    let run = run
    let pass = try await HostTracing.span("evaluation", now: surroundings.now) {
      await run.evaluate(scope, at: now) { await notices.of($0) }
    }
    activity.note(pass, since: now)
    await tell(pass.failures)
    for remark in await notices.remarks { log.debug("not told: \(remark)") }
    for warning in await notices.warnings { log.warning("\(LogText.line(warning))") }
    if isDry {
      for notice in pass.signals.flatMap(\.notices) + pass.corrections.flatMap(\.notices) {
        log.notice("would go out by \(notice.channel): \(notice.line)", metadata: ["id": "\(notice.code)"])
      }
    }
    if let fault = pass.storeFault { throw Failure(fault) }
    for one in pass.signals {
      let (record, signal) = (one.record, one.record.signal)
      log.notice(
        "\(record.symbol) \(record.timeframe) \(record.strategy): \(signal.direction.rawValue) at \(signal.price)",
        metadata: ["bar": "\(signal.time)", "state": "\(one.occasion.rawValue)", "reason": "\(signal.reason)"])
    }
    for one in pass.corrections {
      let record = one.before.record
      log.notice(
        "\(record.symbol) \(record.timeframe) \(record.strategy): the \(record.signal.direction.rawValue) of \(record.signal.time) is \(one.kind.rawValue)",
        metadata: ["cause": "\(one.cause)"])
    }
    return
      "\(pass.bars) new bars, \(pass.signals.count) signals, \(pass.corrections.count) corrected, \(pass.failures.count) failed"
  }

  func backUp() async throws -> String {
    guard let backup = configuration.storage.backup else {
      throw Failure(.unusable, "backup: the configuration has no storage: { backup: { folder: … } }")
    }
    let (path, folder, now) = (workspace.database.path, configuration.path(backup.folder), surroundings.clock.now())
    surroundings.calls?(1)
    defer { surroundings.calls?(-1) }
    let (made, removed) = try await storing { () async throws(StoreError) in
      try await Backup.rotate(of: path, in: folder, keep: backup.keep, now: now)
    }
    return "\(made): a verified copy" + (removed.isEmpty ? "" : "; \(removed.count) older removed")
  }

  func prune() async throws -> String {
    let (store, rules, now) = (store, configuration.retention, surroundings.clock.now())
    let removed = try await storing { () async throws(StoreError) in try await store.prune(rules, now: now) }
    let rows = removed.filter { $0.value > 0 }.map { "\($0.value) of \($0.key.rawValue)" }.sorted()
    return rows.isEmpty ? "nothing was older than its rule" : "removed \(rows.joined(separator: ", "))"
  }

  /// The names of the strategies that run.
  var strategyNames: [String] {
    get async { await run.running.map(\.name) }
  }

  /// Whether order intents of a strategy are handed off.
  func handsOff(_ strategy: String) async -> Bool {
    let own = await run.running.filter { $0.name == strategy }.flatMap(\.strategy.notify.channels)
    return configuration.handsOff(strategy, own: own)
  }

  /// How they trade, by their names; those that are not traded are not among them.
  var sides: [String: TradePlan.Side] {
    get async {
      let plans = await run.running.map { ($0.name, $0.strategy.plan) }.filter(\.1.isTraded)
      return Dictionary(plans.map { ($0.0, $0.1.side) }, uniquingKeysWith: { first, _ in first })
    }
  }

  /// Takes the strategies' files as they are now: what changed is swapped at once, what is faulty goes on as it was.
  func reload() async {
    do {
      let fresh = try LiveWorkspace(workspace)
      let running = await run.running
      let names = fresh.found.compactMap(\.strategy) + running
      let prices = try fresh.bars(store, for: names, through: connections, now: surroundings.now)
      let plan = await ReloadPlan(running: running, found: fresh.found, over: prices, bars: Host.compared)
      var taken: [String] = []
      for item in plan.items where item.change != .unchanged {
        let said = "\(item.name): \(item.change.rawValue)"
        switch item.change {
        case .faulty:
          logLines("\(said), goes on as it was:", item.faults)
          if toldStrategies[item.name] != item.faults {
            await inform(words.strategyIsFaulty(item.name), item.faults, .high)
          }
        case .changed:
          let gone = item.differences.count { $0.wasSaid }
          let new = item.differences.count - gone
          taken.append(
            "\(said); of the last \(Host.compared) bars' signals \(gone) would not be said, \(new) would be new")
        default: taken.append(said)
        }
      }
      toldStrategies = Dictionary(
        plan.items.filter { $0.change == .faulty }.map { ($0.name, $0.faults) }, uniquingKeysWith: { first, _ in first }
      )
      for line in taken { log.notice("\(line)") }
      guard plan.changesAnything else { return }
      let (current, now) = (run, surroundings.clock.now())
      bars.replace(by: prices)
      let pass = try await storing { () async throws(StoreError) in
        try await current.apply(plan.strategies, at: now)
      }
      live = fresh
      try await stamp(plan.strategies, fresh)
      activity.noteReload(taken)
      await inform(words.strategiesWereRead, taken)
      await tell(pass.failures)
    } catch {
      log.error("the strategies go on as they were: \(error)")
    }
  }

  private static let compared = 250

  private func tell(_ failures: [LiveFailure]) async {
    tell(failures.map(\.description), under: "evaluate")
    // Each that is parked stands in one pass alone.
    let parked = failures.filter(\.isParked)
    if !parked.isEmpty { await inform(words.isParked, parked.map(\.description), .high) }
    let lasting = failures.filter(\.isLasting)
    if !lasting.isEmpty { await inform(words.isUnreadable, lasting.map(\.description), .high) }
  }

  /// Says what was not said before; what is over may be said again when it comes back.
  func tell(_ faults: [String], under job: String) {
    let now = Set(faults.map { "\(job): \($0)" })
    for fault in now.subtracting(told).sorted() { log.warning("\(fault)") }
    told = told.filter { !$0.hasPrefix("\(job): ") }.union(now)
  }
}
