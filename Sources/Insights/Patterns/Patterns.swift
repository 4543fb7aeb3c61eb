public import Backtesting
public import Trading

/// What signals of one symbol have in common in time, and what followed: with how often chance brings the like.
public struct Patterns: Hashable, Sendable {
  public enum Nature: String, Hashable, Sendable, CaseIterable {
    /// Signals of one direction on one bar.
    case concurrent
    /// One after another.
    case sequential
    /// A sequence of one direction.
    case continuation
    /// A sequence whose last signal turns against all before it.
    case reversal
    /// Two of one direction, of which the first announces the second: together more often than chance has it, and at
    /// least twice as often in this order as in the other.
    case leading
  }

  /// One pattern.
  public struct Finding: Hashable, Sendable {
    /// Its signals in their order.
    public var signals: [SignalHistory.Kind]
    public var natures: [Nature]
    /// How often it came, and how often chance would have brought it.
    public var support: Int
    public var expected: Double
    public var lift: Double { Double(support) / expected }
    /// Whether its signals come together more often than chance has it: the p-value of it alone, and adjusted for all
    /// patterns that were tested.
    public var together, togetherAdjusted: Double
    /// What became of its last signal, against acting on every bar.
    public var outcome: HorizonOutcome
    /// The returns of its last signal, the sign turned for a sell.
    public var spread: Spread
    /// Whether what followed differs from what follows any bar: alone, and adjusted for all patterns.
    public var different, differentAdjusted: Double
    /// Bars on which it was complete, ascending.
    public var bars: [Int]
    /// When it was last complete, and whether that was the last bar.
    public var last: Instant
    public var isFresh: Bool
    /// The one of the others that is most like it.
    public var similar: Similarity?
  }

  /// How like another pattern is.
  public struct Similarity: Hashable, Sendable {
    public var signals: [SignalHistory.Kind]
    /// Kinds in both over kinds in either, 0 to 1.
    public var jaccard: Double
    /// The warped distance between the mean shapes of the 20 closes up to each; nil where one has none.
    public var shape: Double?
  }

  public var settings: PatternSettings
  public var calls: Int
  /// Patterns that were tested, and those that came often enough to speak of.
  public var tested, frequent: Int
  /// The most telling first.
  public var findings: [Finding]
  public var calendar: SignalCalendar

  /// - Parameters:
  ///   - history: calls on the series.
  ///   - candles: up to now.
  public init(_ history: SignalHistory, over candles: CandleSeries, _ settings: PatternSettings) {
    let forward = ForwardOutcomes(over: settings.horizon, of: candles)
    self.settings = settings
    calls = history.calls
    calendar = SignalCalendar(history, candles, forward)
    guard let mining = PatternMining(history, settings, reach: settings.gap.reach(over: candles.times)) else {
      (tested, frequent, findings) = (0, 0, [])
      return
    }
    let mined = mining.patterns
    let together = TogetherTest(mined, history, mining, settings)
    let supported = mined.indices.filter { mined[$0].occurrences.count >= settings.leastSupport }
    let outcomes = OutcomeTest(supported.map { mined[$0].occurrences }, forward, from: mining.circle, settings)
    tested = mined.count
    frequent = supported.count
    var findings: [Finding] = []
    let pairs = Dictionary(
      mined.filter { $0.form == .sequential && $0.kinds.count == 2 }.map { ($0.kinds, $0.occurrences.count) },
      uniquingKeysWith: { first, _ in first })
    for (place, index) in supported.enumerated() {
      let pattern = mined[index]
      let kinds = pattern.kinds.map { history.kinds[$0] }
      guard let sign = kinds.last?.direction.sign, let last = pattern.occurrences.last else { continue }
      let calls = pattern.occurrences.map { (bar: $0, sign: sign) }
      var natures = Patterns.natures(pattern.form, kinds.map(\.direction))
      if natures.contains(.continuation), kinds.count == 2, together.adjusted[index] <= settings.level,
        2 * (pairs[pattern.kinds.reversed()] ?? 0) <= pattern.occurrences.count
      {
        natures.append(.leading)
      }
      let returns = forward.returns
      findings.append(
        Finding(
          signals: kinds, natures: natures, support: pattern.occurrences.count, expected: pattern.expected,
          together: together.alone[index], togetherAdjusted: together.adjusted[index],
          outcome: forward.outcome(of: calls),
          spread: Spread(pattern.occurrences.map { returns[$0] * sign }.filter { !$0.isNaN }),
          different: outcomes.alone[place], differentAdjusted: outcomes.adjusted[place],
          bars: pattern.occurrences, last: candles.times[last], isFresh: last == candles.count - 1))
    }
    findings.sort {
      ($0.differentAdjusted, $0.different, $0.togetherAdjusted, -$0.support, $0.signals.count)
        < ($1.differentAdjusted, $1.different, $1.togetherAdjusted, -$1.support, $1.signals.count)
    }
    self.findings = Patterns.compared(Array(findings.prefix(max(0, settings.told))), candles)
  }

  private static func natures(_ form: MinedPattern.Form, _ directions: [Direction]) -> [Nature] {
    guard form == .sequential, let last = directions.last else { return [.concurrent] }
    let before = Set(directions.dropLast())
    guard before.count == 1 else { return [.sequential] }
    return before.contains(last) ? [.sequential, .continuation] : [.sequential, .reversal]
  }

  /// With the most similar other one each.
  private static func compared(_ findings: [Finding], _ candles: CandleSeries) -> [Finding] {
    let closes = Array(candles.totalReturn.column(.close))
    let shapes = findings.map { meanShape(of: closes, before: $0.bars, length: 20) }
    return findings.indices.map { place in
      var finding = findings[place]
      let others = findings.indices.filter { $0 != place }.map { other in
        Similarity(
          signals: findings[other].signals,
          jaccard: jaccard(Set(findings[place].signals), Set(findings[other].signals)),
          shape: shapes[place].flatMap { own in shapes[other].flatMap { warpedDistance(own, $0, band: 3) } })
      }
      finding.similar = others.max { ($0.jaccard, -($0.shape ?? .infinity)) < ($1.jaccard, -($1.shape ?? .infinity)) }
      return finding
    }
  }
}
