public import Trading

/// One series looked forward over from each of its bars, for whoever judges signals one by one: what became of a signal
/// here is what became of it in a backtest over the same bars.
public struct OutcomeSeries: Sendable {
  public let candles: CandleSeries
  public let horizons: [Horizon]
  /// The market regime of each bar, by what was known at its close.
  public let regimes: [MarketRegime]
  private let forward: [ForwardReturns]
  /// Prices with the dividends in them, as the returns have them.
  private let seen: CandleSeries
  /// From here on a session may still go on.
  private let unfinished: Int

  /// Looks over all bars, in time proportional to bars × horizons.
  public init(_ candles: CandleSeries, horizons: [Horizon]) {
    self.candles = candles
    self.horizons = horizons
    let seen = candles.totalReturn
    self.seen = seen
    regimes = MarketRegime.column(of: seen, before: candles.count)
    forward = horizons.map { ForwardReturns(over: $0, of: seen, counted: 0..<candles.count) }
    unfinished = OutcomeSeries.unfinished(candles)
  }

  /// Whether the bars are short enough to show a horizon at all.
  public func shows(_ place: Int) -> Bool { !horizons[place].isShorter(than: candles.timeframe) }

  /// The bar with that label; nil where there is none or it is missing.
  public func bar(at time: Instant) -> Int? {
    var (low, high) = (0, candles.count)
    while low < high {
      let middle = (low + high) / 2
      if candles.times[middle] < time { low = middle + 1 } else { high = middle }
    }
    return low < candles.count && candles.times[low] == time && !candles.isMissing(low) ? low : nil
  }

  /// What became of a call at a bar after the horizon at that place of `horizons`; nil while it is open, and where the
  /// bars are too long to show it.
  ///
  /// The next session's close is not taken for its last one before the session is over: by its calendar, without one
  /// when a bar of a later date is there.
  public func settled(_ direction: Direction, at bar: Int, after place: Int) -> SettledCall? {
    let one = forward[place]
    guard direction.sign != 0, one.ends.indices.contains(bar) else { return nil }
    let (end, value) = (one.ends[bar], one.returns[bar])
    guard end >= 0, !value.isNaN else { return nil }
    if horizons[place] == .session, end >= unfinished { return nil }
    return SettledCall(bar: bar, sign: direction.sign, end: end, value: value * direction.sign)
  }

  /// The close at which a horizon ended, as it was quoted.
  public func close(_ bar: Int) -> Double { candles.value(.close, at: bar) }

  /// What the price did after each bar from `first` on, as what a buy and a sell on any of them would have come to: by
  /// what each bar is filed under.
  public func bases<Key: Hashable>(after place: Int, from first: Int, by key: (Int) -> Key) -> [Key: CallBase] {
    var bases: [Key: BaseRate] = [:]
    for bar in max(0, first)..<max(0, first, candles.count) {
      guard let call = settled(.buy, at: bar, after: place) else { continue }
      bases[key(bar), default: BaseRate()].add(call.value)
    }
    return bases.mapValues { CallBase(buy: $0.rate(buys: 1, sells: 0), sell: $0.rate(buys: 0, sells: 1)) }
  }

  /// For each bar, the same over it and all behind it.
  public func bases(after place: Int) -> [CallBase] {
    var base = BaseRate()
    var bases = Array(repeating: CallBase(buy: nil, sell: nil), count: candles.count)
    for bar in bases.indices.reversed() {
      if let call = settled(.buy, at: bar, after: place) { base.add(call.value) }
      bases[bar] = CallBase(buy: base.rate(buys: 1, sells: 0), sell: base.rate(buys: 0, sells: 1))
    }
    return bases
  }

  /// Bars of the longest horizon, from any bar to its end.
  public func span(after place: Int) -> Int { forward[place].span }

  /// The first bar of a session that may not be over.
  private static func unfinished(_ candles: CandleSeries) -> Int {
    let last = candles.count - 1
    guard last >= 0, candles.timeframe.milliseconds < Timeframe.day.milliseconds else { return candles.count }
    let day = candles.sessionDay(last)
    if let sessions = candles.sessions, let hours = sessions.hours[day], sessions.closes[last] >= hours.upperBound {
      return candles.count
    }
    var first = last
    while first > 0, candles.sessionDay(first - 1) == day { first -= 1 }
    return first
  }
}

/// How often a call on any bar would have succeeded; nil where no bar has a return.
public struct CallBase: Hashable, Sendable {
  public var buy, sell: Double?

  public init(buy: Double?, sell: Double?) { (self.buy, self.sell) = (buy, sell) }

  /// That of a direction; nil for exits.
  public func rate(_ direction: Direction) -> Double? {
    direction == .buy ? buy : direction == .sell ? sell : nil
  }
}

extension HorizonOutcome {
  /// What became of calls of several series, their bars numbered on one axis: calls at one time, or whose horizons
  /// overlap, are dependent, whatever they were on.
  ///
  /// - Parameters:
  ///   - calls: in the order of their bars.
  ///   - span: bars of the longest horizon on that axis.
  ///   - baseRate: the mean over the calls of what acting on every bar would have come to.
  public init(pooled calls: [SettledCall], after horizon: Horizon, span: Int, baseRate: Double?) {
    self.init(horizon, of: calls, span: span, baseRate: baseRate)
  }
}
