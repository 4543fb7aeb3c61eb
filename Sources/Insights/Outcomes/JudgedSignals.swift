public import Backtesting
public import Storage
public import Trading

/// The calls on one symbol that stand, judged over its bars: by the code, and to the digit, of a backtest over them.
public struct JudgedSignals: Sendable {
  /// A call, the bar it came at, and what became of it after each horizon of the series; nil while one is open.
  public struct Judged: Sendable {
    public var stored: StoredSignal
    public var bar: Int
    public var calls: [SettledCall?]
  }

  public let symbol: String
  public let series: OutcomeSeries
  /// By bar. Exits, calls that were taken back and those whose bar is not there are not among them.
  public let signals: [Judged]
  /// Calls that stand and whose bar is not there, or has no price. One from outside that waits for its bar's close is
  /// not among them.
  public let unplaced: Int

  public var timeframe: Timeframe { series.candles.timeframe }

  /// The bar of each strategy's first call: from it on, acting on every bar is what its calls are measured against.
  public let firsts: [String: Int]

  public init(_ symbol: String, _ stored: [StoredSignal], over candles: CandleSeries, horizons: [Horizon]) {
    let series = OutcomeSeries(candles, horizons: horizons)
    var signals: [Judged] = []
    var unplaced = 0
    for one in stored where one.retractedAt == nil && one.record.signal.direction.sign != 0 {
      let time = one.record.signal.time
      if one.record.source != nil, ReceivedPlacing.isBehindEnd(time, of: candles) { continue }
      let place = one.record.source == nil ? series.bar(at: time) : ReceivedPlacing.bar(for: time, in: candles)
      guard let bar = place else {
        unplaced += 1
        continue
      }
      let direction = one.record.signal.direction
      signals.append(
        Judged(
          stored: one, bar: bar,
          calls: horizons.indices.map { series.settled(direction, at: bar, after: $0) }))
    }
    self.symbol = symbol
    self.series = series
    self.signals = signals.sorted { ($0.bar, $0.stored.id) < ($1.bar, $1.stored.id) }
    self.unplaced = unplaced
    firsts = Dictionary(signals.map { ($0.stored.record.strategy, $0.bar) }, uniquingKeysWith: min)
  }

  /// The outcomes as they are stored: none at horizons that the bars are too long to show.
  public var records: [OutcomeRecord] {
    signals.flatMap { one in
      series.horizons.indices.filter { series.shows($0) }.map { place in
        var record = OutcomeRecord(signal: one.stored.id, horizon: "\(series.horizons[place])")
        if let call = one.calls[place] {
          record.time = series.candles.times[call.end]
          record.price = series.close(call.end)
          record.result = call.value
        }
        return record
      }
    }
  }

  /// How often the calls came true, by strategy, version, direction and horizon.
  public var tallies: [OutcomeTally] {
    struct Key: Hashable { var strategy, version: String, direction: Direction, place: Int }
    var found: [Key: (count: Int, successes: Int)] = [:]
    for one in signals {
      let record = one.stored.record
      for (place, call) in one.calls.enumerated() {
        guard let call else { continue }
        let key = Key(
          strategy: record.strategy, version: record.version, direction: record.signal.direction, place: place)
        found[key, default: (0, 0)].count += 1
        if call.value > 0 { found[key, default: (0, 0)].successes += 1 }
      }
    }
    let bases = Dictionary(uniqueKeysWithValues: Set(found.keys.map(\.place)).map { ($0, series.bases(after: $0)) })
    return found.map { key, tally in
      OutcomeTally(
        strategy: key.strategy, version: key.version, direction: key.direction,
        horizon: "\(series.horizons[key.place])", count: tally.count, successes: tally.successes,
        base: firsts[key.strategy].flatMap { bases[key.place]?[$0].rate(key.direction) })
    }.sorted {
      ($0.strategy, $0.version, $0.direction.rawValue, $0.horizon)
        < ($1.strategy, $1.version, $1.direction.rawValue, $1.horizon)
    }
  }

  /// What is to be saved where these outcomes are stored: nothing where they are the same.
  public func changes(from stored: [OutcomeRecord], mark: OutcomeMark) -> OutcomeChanges {
    struct Key: Hashable { var signal: Int64, horizon: String }
    var before = Dictionary(
      stored.map { (Key(signal: $0.signal, horizon: $0.horizon), $0) }, uniquingKeysWith: { first, _ in first })
    var changes = OutcomeChanges(mark: mark)
    for record in records
    where before.removeValue(forKey: Key(signal: record.signal, horizon: record.horizon)) != record {
      changes.saved.append(record)
    }
    changes.removed = before.keys.map { ($0.signal, $0.horizon) }.sorted { $0 < $1 }
    changes.tallies = tallies
    return changes
  }
}
