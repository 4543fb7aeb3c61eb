import Backtesting
import Engine
import Insights
import Logging
import Notifications
import Pipelines
import Storage
import Trading

/// One pass over the stored signals: their outcomes as far as time has come, and the strategies that have left what
/// their history gave.
struct OutcomesJob {
  let store: SQLiteStore
  let markets: OutcomeMarkets
  let configuration: Configuration
  let now: Instant
  private let standings: [SignalStanding]

  init(_ workspace: Workspace, _ store: SQLiteStore, now: Instant) async throws {
    let live = try LiveWorkspace(workspace)
    standings = try await storing { () async throws(StoreError) in try await store.signalStandings() }
    self.store = store
    self.now = now
    markets = try OutcomeMarkets(live, store, standings)
    configuration = live.configuration
  }

  struct Answer: Sendable {
    /// Outcomes that are new or have changed, those that have ended now, and symbols that were judged.
    var saved = 0
    var ended = 0
    var symbols = 0
    /// Symbols that have signals.
    let all: Int
    var drifts: [DriftRecord] = []
    var faults: [String] = []

    var text: String {
      var text = "\(saved) outcomes of \(symbols) symbols, \(ended) of them ended"
      if !drifts.isEmpty { text += "; \(drifts.map(\.strategy).joined(separator: ", ")) left what its history gave" }
      return faults.isEmpty ? text : "\(text); \(faults.count) failed: \(faults[0])"
    }
  }

  func run() async throws -> Answer {
    let tracking = OutcomeTracking(store)
    let marks = Dictionary(
      try await store.outcomeMarks().map { (SeriesName($0.symbol, $0.timeframe), $0) },
      uniquingKeysWith: { first, _ in first })
    let states = try await markets.states(of: standings)
    var answer = Answer(all: standings.count)
    var ended: Set<WatchedStrategy> = []
    for standing in standings {
      try Task.checkCancellation()
      let name = SeriesName(standing.symbol, standing.timeframe)
      do {
        let update = try await tracking.update(standing, mark: marks[name], barsState: states[name]) {
          try await markets.closed(standing)
        }
        guard let update else { continue }
        answer.symbols += 1
        answer.saved += update.saved
        answer.ended += update.ended
        guard update.ended + update.removed > 0 else { continue }
        for one in update.judged.signals {
          let record = one.stored.record
          ended.insert(WatchedStrategy(name: record.strategy, version: record.version, timeframe: record.timeframe))
        }
      } catch let fault as LiveFault {
        answer.faults.append("\(fault)")
      }
    }
    answer.drifts = try await drifts(of: ended, &answer.faults)
    return answer
  }
}

/// One text of a strategy.
struct WatchedStrategy: Hashable {
  var name, version: String
  var timeframe: Timeframe
}

extension OutcomesJob {
  /// Watches strategies of which outcomes have ended; each drift is told once.
  private func drifts(of ended: Set<WatchedStrategy>, _ faults: inout [String]) async throws -> [DriftRecord] {
    // A price alert calls for nothing that could come true less often.
    let running = markets.live.found.compactMap(\.strategy).filter { $0.strategy.alert == nil }
    let known = Set(
      try await store.drifts().map { WatchedStrategy(name: $0.strategy, version: $0.version, timeframe: $0.timeframe) })
    let references = Dictionary(
      try await store.driftReferences().map {
        (WatchedStrategy(name: $0.strategy, version: $0.version, timeframe: $0.timeframe), $0)
      }, uniquingKeysWith: { first, _ in first })
    var drifts: [DriftRecord] = []
    // What runs no more needs no watch.
    for strategy in running {
      let key = WatchedStrategy(
        name: strategy.name, version: strategy.version, timeframe: strategy.strategy.timeframe)
      guard ended.contains(key), !known.contains(key) else { continue }
      try Task.checkCancellation()
      do {
        let reference =
          if let known = references[key] { known } else { try await reference(of: strategy) }
        if let drift = try await drift(of: key, reference) { drifts.append(drift) }
      } catch let fault as LiveFault {
        faults.append("\(fault)")
      }
    }
    return drifts
  }

  /// What the strategy says of the bars before its first stored signal, judged, and kept from then on.
  private func reference(of strategy: LiveStrategy) async throws -> DriftReference {
    let timeframe = strategy.strategy.timeframe
    let horizon = OutcomeTracking.mainHorizon(at: timeframe)
    let stored = try await store.endedOutcomes(
      strategy: strategy.name, version: strategy.version, timeframe: timeframe, horizon: "\(horizon)")
    let first = stored.first?.time ?? now
    var before: [EndedOutcome] = []
    for market in strategy.markets {
      let (candles, signals) = try await strategy.replay(on: market, over: markets.bars)
      let series = OutcomeSeries(candles, horizons: [horizon])
      for signal in signals where signal.time < first {
        guard let call = series.settled(signal.direction, at: signal.bar, after: 0), candles.times[call.end] <= first
        else { continue }
        before.append(EndedOutcome(time: signal.time, end: candles.times[call.end], result: call.value))
      }
    }
    let sequence = OutcomeSequence(before)
    let reference = DriftReference(
      strategy: strategy.name, version: strategy.version, timeframe: timeframe, horizon: "\(horizon)",
      count: sequence.outcomes.count, rate: sequence.rate)
    try await store.save(reference)
    return reference
  }

  private func drift(of key: WatchedStrategy, _ reference: DriftReference) async throws -> DriftRecord? {
    let recent = OutcomeSequence(
      try await store.endedOutcomes(
        strategy: key.name, version: key.version, timeframe: key.timeframe, horizon: reference.horizon))
    guard let finding = DriftFinding(reference, recent: recent), let since = finding.since, let rate = finding.rate
    else { return nil }
    let drift = DriftRecord(
      strategy: key.name, version: key.version, timeframe: key.timeframe, horizon: reference.horizon, raisedAt: now,
      since: since, rate: rate, count: finding.count, history: finding.history, floor: finding.floor)
    let writer = NoticeWriter(templates: configuration.noticeTemplates().templates, zone: configuration.zone)
    let notices = configuration.messageChannels.map { writer.notice(of: drift, channel: $0) }
    return try await store.save(drift, notices: notices, at: now) ? drift : nil
  }
}

extension Host {
  /// Gives stored signals their outcomes; ends with a sentence for the job's row.
  func trackOutcomes() async throws -> String {
    let answer = try await OutcomesJob(workspace, store, now: surroundings.clock.now()).run()
    tell(answer.faults, under: "outcomes")
    for drift in answer.drifts {
      log.warning(
        "\(drift.strategy): since \(drift.since) its calls came true in \(drift.rate) of \(drift.count); its history gave \(drift.history), \(drift.floor) at least"
      )
    }
    guard answer.faults.isEmpty || answer.faults.count < answer.all else { throw Failure(.unusable, answer.faults[0]) }
    return answer.text
  }
}
