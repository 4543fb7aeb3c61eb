import Backtesting
import Engine
import Insights
import Pipelines
import Storage
import Trading

/// What became of the stored signals.
struct StoredPerformance {
  /// Which signals, judged how.
  struct Question {
    var horizon: Horizon
    /// Names of strategies, and symbols; all of them, where none is named.
    var strategies: [String] = []
    var symbols: [String] = []
    var minSamples = Grade.leastSignals
    /// What rows are put together by; by strategy, where nothing is named.
    var by: [Performance.Dimension] = []

    init(horizon: Horizon) { self.horizon = horizon }
  }

  let performance: Performance
  /// The same before and after the births of the rules, a strategy each.
  let births: [BirthPerformance]
  let drifts: [DriftRecord]
  /// Signals whose bar is not there any more.
  let unplaced: Int
  /// Whether the store has no signals at all.
  let isEmpty: Bool
  let failures: [String]
  /// Symbols that were judged.
  let judged: Int

  /// - Parameter step: Told of each symbol, and how many there are.
  init(
    _ question: Question, _ workspace: Workspace, _ store: SQLiteStore, step: (String, Int) -> Void = { _, _ in }
  ) async throws {
    let strategies = question.strategies
    let standings = try await storing { () async throws(StoreError) in try await store.signalStandings() }
    let markets = try OutcomeMarkets(LiveWorkspace(workspace), store, standings)
    var judged: [JudgedSignals] = []
    var failures: [String] = []
    var names: Set<String> = []
    for standing in standings {
      try Task.checkCancellation()
      step(standing.symbol, standings.count)
      let stored = try await storing { () async throws(StoreError) in
        try await store.signals(symbol: standing.symbol, timeframe: standing.timeframe, from: standing.first)
      }
      names.formUnion(stored.map(\.record.strategy))
      let wanted = stored.filter { strategies.isEmpty || strategies.contains($0.record.strategy) }
      guard !wanted.isEmpty, question.symbols.isEmpty || question.symbols.contains(standing.symbol) else { continue }
      do throws(LiveFault) {
        let candles = try await markets.closed(standing).candles
        judged.append(JudgedSignals(standing.symbol, wanted, over: candles, horizons: [question.horizon]))
      } catch {
        failures.append("\(error)")
      }
    }
    for name in strategies where !names.contains(name) {
      throw Failure(
        .unusable,
        "the store has no signal of a strategy \"\(name)\"; "
          + suggestion(for: name, among: names.sorted(), called: "strategies"))
    }
    let samples = try await SignalSamples(names.sorted(), store)
    let taken =
      question.by.contains(.taken)
      ? try await storing { () async throws(StoreError) in try await store.takenSignals() } : []
    performance = Performance(
      judged, horizon: question.horizon, by: question.by.isEmpty ? [.strategy] : question.by, taken: taken,
      minSamples: question.minSamples, sample: samples.sample)
    births = samples.performance(of: judged, question.horizon)
    drifts = try await storing { () async throws(StoreError) in try await store.drifts() }
      .filter { strategies.isEmpty || strategies.contains($0.strategy) }
    unplaced = judged.reduce(0) { $0 + $1.unplaced }
    isEmpty = names.isEmpty
    self.failures = failures
    self.judged = judged.count
  }

  var json: String {
    PerformanceJSON(performance, births, drifts, unplaced: unplaced, failures: failures).text
  }
}
