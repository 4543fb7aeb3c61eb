public import Backtesting
public import Pipelines
public import Trading

/// What can be shown for a signal, or for a bar without one: why, over which bars, and what became of the calls before.
/// Nothing of it is from a later bar.
public struct SignalEvidence: Sendable {
  /// An earlier call of the same strategy on the symbol.
  public struct Predecessor: Hashable, Sendable {
    public var time: Instant
    public var direction: Direction
    public var price: Double
    /// The return after each horizon, its sign turned for a sell; nil where it has not ended by the bar.
    public var results: [Double?]
  }

  public let explanation: Explanation
  /// The last bars up to the explained one, and lines over them.
  public let candles: CandleSeries
  public let lines: [CandlePicture.Line]
  /// The strategy's signals on them.
  public let signals: [Signal]
  public let horizons: [Horizon]
  /// What came of all earlier calls in the same direction, an outcome a horizon.
  public let outcomes: [HorizonOutcome]
  /// The latest of them, the last one first.
  public let predecessors: [Predecessor]

  /// Runs the strategy over the bars up to the explained one.
  public init(_ explanation: Explanation, of strategy: Strategy, over market: Market) throws(GraphError) {
    self.explanation = explanation
    var seen = market
    seen.deciding = market.deciding.bars(0..<explanation.bar + 1)
    let candles = seen.deciding
    let said = try run([strategy], over: seen, reasons: .latest(0)).first?.signals ?? []
    let standing = Set(explanation.signals.map(\.direction).filter { $0.sign != 0 })
    let calls = said.filter {
      $0.bar < explanation.bar && $0.direction.sign != 0 && (standing.isEmpty || standing.contains($0.direction))
    }
    let horizons: [Horizon] =
      candles.timeframe.milliseconds > Timeframe.day.milliseconds
      ? [.bars(1), .bars(5), .bars(20)] : [.session, .bars(5), .bars(20)]
    let series = OutcomeSeries(candles, horizons: horizons)
    self.horizons = horizons
    let first = calls.first?.bar ?? 0
    outcomes = horizons.indices.map { place in
      let settled = calls.compactMap { series.settled($0.direction, at: $0.bar, after: place) }
      let base = series.bases(after: place, from: first) { _ in 0 }[0]
      let bases = settled.compactMap { base?.rate($0.sign > 0 ? .buy : .sell) }
      return HorizonOutcome(
        pooled: settled, after: horizons[place], span: series.span(after: place),
        baseRate: bases.isEmpty ? nil : bases.reduce(0, +) / Double(bases.count))
    }
    predecessors = calls.suffix(12).reversed().map { call in
      Predecessor(
        time: call.time, direction: call.direction, price: call.price,
        results: horizons.indices.map { series.settled(call.direction, at: call.bar, after: $0)?.value })
    }
    let shown = max(0, candles.count - 90)..<candles.count
    let closes = Array(candles.column(.close))
    lines = [20, 50].map { length in
      CandlePicture.Line(
        name: "MA\(length)",
        values: shown.map { bar in
          guard bar + 1 >= length else { return .nan }
          return closes[(bar + 1 - length)...bar].reduce(0, +) / Double(length)
        })
    }
    self.candles = candles.bars(shown)
    signals = said
  }
}
