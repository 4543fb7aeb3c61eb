public import Trading

/// The latest signals of one rule, for whoever finds out where its signals stand without `run`. What their reasons
/// quote is kept as numbers; they are put into words at the end.
public struct SignalRecord: Sendable {
  /// How many signals it keeps.
  public let limit: Int
  private let rule: SignalRule
  private let width: Int
  /// What the reasons of each direction quote, one direction after another: found without a look into a dictionary, for
  /// the last signals of every block of bars are kept.
  private var quotes: [(part: Int, node: Int)] = []
  private var starts = [0]
  private var kept: [(bar: Int, direction: Direction, confidence: Double)] = []
  /// Values that the reasons quote, a row a signal, the oldest row first overwritten, as in `kept`.
  private var quoted: [Double] = []
  private var count = 0

  /// - Parameters:
  ///   - places: where the nodes of the rule's graph stand in the graph of the run; those of `SignalRule.told` are
  ///     needed.
  ///   - limit: 1 or more.
  public init(_ rule: SignalRule, places: [Int?], limit: Int) {
    // Conditions that were not taken over are not read here.
    self.rule = rule.moved(places.map { $0 ?? 0 })
    self.limit = max(1, limit)
    width = rule.reasons.values.map(\.parts.count).max() ?? 0
    for direction in Direction.allCases {
      for (place, part) in (self.rule.reasons[direction]?.parts ?? []).enumerated() {
        if case .value(let node) = part { quotes.append((place, node)) }
      }
      starts.append(quotes.count)
    }
  }

  /// Keeps a signal at a bar of the run's last block; bars ascend.
  public mutating func keep(_ direction: Direction, at bar: Int, of run: GraphRun) {
    let entry = (bar, direction, run.value(rule.confidence, at: bar))
    let place = count % limit
    if kept.count < limit {
      kept.append(entry)
      for _ in 0..<width { quoted.append(.nan) }
    } else {
      kept[place] = entry
    }
    let ordinal = SignalRecord.ordinal(of: direction)
    for quote in starts[ordinal]..<starts[ordinal + 1] {
      quoted[place * width + quotes[quote].part] = run.value(quotes[quote].node, at: bar)
    }
    count += 1
  }

  /// Its place among all directions.
  private static func ordinal(of direction: Direction) -> Int {
    switch direction {
    case .buy: 0
    case .sell: 1
    case .exitLong: 2
    case .exitShort: 3
    }
  }

  /// The signals that were kept, in the order of their bars; `candles` are those of the run.
  public func signals(of candles: CandleSeries) -> [Signal] {
    (max(0, count - limit)..<count).map { number in
      let place = number % limit
      let (bar, direction, confidence) = kept[place]
      return Signal(
        time: candles.times[bar], bar: bar, direction: direction, confidence: confidence,
        price: candles.value(.close, at: bar),
        reason: rule.reasons[direction]?.text { part, _ in quoted[place * width + part] } ?? "")
    }
  }
}

extension SignalRule {
  /// The nodes whose values a signal tells: its confidence, and what its reasons quote.
  public var told: [Int] {
    reasons.values.reduce(into: [confidence]) { nodes, reason in
      for case .value(let node) in reason.parts { nodes.append(node) }
    }
  }
}
