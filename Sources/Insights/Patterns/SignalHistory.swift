public import Trading

/// The calls of several strategies on one symbol, by what said them: a strategy and its direction are one kind.
///
/// Kinds stand in the order of their names, so that the order in which strategies were named changes nothing. Exits
/// are no calls. What stands on a bar is counted once.
public struct SignalHistory: Hashable, Sendable {
  public struct Kind: Hashable, Sendable {
    public var strategy: String
    public var direction: Direction

    /// As it is shown: `golden-cross buy`.
    public var name: String { "\(strategy) \(direction.rawValue)" }
  }

  public let kinds: [Kind]
  /// For each kind its bars, ascending.
  public let bars: [[Int]]
  /// Bars of the series.
  public let count: Int

  public init(_ said: [(strategy: String, signals: [Signal])], over candles: CandleSeries) {
    var found: [Kind: Set<Int>] = [:]
    for (strategy, signals) in said {
      for signal in signals where signal.direction.sign != 0 && (0..<candles.count).contains(signal.bar) {
        found[Kind(strategy: strategy, direction: signal.direction), default: []].insert(signal.bar)
      }
    }
    kinds = found.keys.sorted { ($0.strategy, $0.direction.rawValue) < ($1.strategy, $1.direction.rawValue) }
    bars = kinds.map { (found[$0] ?? []).sorted() }
    count = candles.count
  }

  /// Calls there are.
  public var calls: Int { bars.reduce(0) { $0 + $1.count } }

  /// The first bar with a call; nil without any.
  var first: Int? { bars.compactMap(\.first).min() }
}
