import PluginKit
import Trading

/// Rewrites a rule of a price alert into the terms that strategies are made of.
///
/// The session before is that of the exchange's calendar: where it has no bar, nothing is measured against an older one.
struct AlertBuilding {
  let registry: Registry
  let rule: AlertRule
  let threshold: NumberBySymbol
  let timeframe: Timeframe
  private(set) var graph = Graph()

  init(_ rule: AlertRule, _ threshold: NumberBySymbol, _ timeframe: Timeframe, registry: Registry) {
    self.rule = rule
    self.threshold = threshold
    self.timeframe = timeframe
    self.registry = registry
  }

  /// What is compared: the price that is observed, the one that it is measured against, and when that can be done.
  private struct Measure {
    var name = "close"
    var price: Int
    var base: Int
    /// How the base is called in a reason.
    var words: String
    /// Nil where it always can.
    var condition: Int?
  }

  mutating func made() -> SignalRule {
    let measure = measure()
    let limit =
      threshold.symbols.isEmpty && threshold.initial != nil
      ? graph.number(threshold.initial ?? 0) : graph.series(SeriesKey(.bySymbol(threshold)))
    let change = graph.apply(
      .subtract, [graph.apply(.divide, [measure.price, measure.base]), graph.number(1)])
    var condition = beyond(measure, change, limit)
    if let admitted = measure.condition { condition = graph.apply(.and, [condition, admitted]) }
    let never = graph.number(0)
    let spoken = spoken(condition)
    let isRise = rule.direction == .buy
    return SignalRule(
      calls: .both(buy: isRise ? spoken : never, sell: isRise ? never : spoken),
      // It says what has happened.
      confidence: graph.number(100), reasons: [rule.direction: reason(measure, change, limit)], base: measure.base)
  }

  private mutating func measure() -> Measure {
    let close = graph.add(.close, registry)
    let start = graph.apply(.equal, [graph.series(SeriesKey(.sessionStart)), graph.number(1)])
    let follows = graph.apply(.equal, [graph.series(SeriesKey(.sessionsMissed)), graph.number(0)])
    let before = graph.session("previous_close", nil, registry)
    switch rule {
    case .priceRise, .priceDrop:
      return Measure(price: close, base: before, words: "the previous session's close", condition: follows)
    case .breakPreviousHigh:
      let high = graph.session("previous_high", nil, registry)
      return Measure(price: close, base: high, words: "the previous session's high", condition: follows)
    case .breakPreviousLow:
      let low = graph.session("previous_low", nil, registry)
      return Measure(price: close, base: low, words: "the previous session's low", condition: follows)
    case .newHigh, .dropFromHigh:
      let quoted = graph.series(SeriesKey(.quoted(.close)))
      var high = graph.apply(.allTimeHigh, [graph.series(SeriesKey(.quoted(.high)))])
      if rule == .newHigh { high = graph.apply(.ago(1), [high]) }
      return Measure(price: quoted, base: high, words: "the all-time high")
    case .surge, .plunge:
      let last = graph.apply(.ago(1), [close])
      // What happened while nobody looked is no surge.
      let within = graph.apply(.or, [follows, graph.apply(.not, [start])])
      return Measure(price: close, base: last, words: "the observation before", condition: within)
    case .gapUp, .gapDown:
      let open = graph.add(.open, registry)
      var opens = graph.apply(.and, [start, follows])
      if timeframe.milliseconds < Timeframe.day.milliseconds {
        // The first bar there is need not be that of the opening.
        let elapsed = graph.series(SeriesKey(.sessionElapsed))
        opens = graph.apply(.and, [opens, graph.apply(.lessOrEqual, [elapsed, graph.duration(timeframe)])])
      }
      return Measure(name: "open", price: open, base: before, words: "the previous session's close", condition: opens)
    }
  }

  private mutating func beyond(_ measure: Measure, _ change: Int, _ limit: Int) -> Int {
    let isRise = rule.direction == .buy
    guard rule.isBreak else {
      return isRise
        ? graph.apply(.greaterOrEqual, [change, limit])
        : graph.apply(.lessOrEqual, [change, graph.apply(.negate, [limit])])
    }
    var level = measure.base
    if threshold.initial != 0 || !threshold.symbols.isEmpty {
      let factor = graph.apply(isRise ? .add : .subtract, [graph.number(1), limit])
      level = graph.apply(.multiply, [level, factor])
    }
    return graph.apply(isRise ? .greater : .less, [measure.price, level])
  }

  /// A condition as the bars on which it speaks.
  private mutating func spoken(_ condition: Int) -> Int {
    switch rule.occasion {
    case .bar: return condition
    case .start: return graph.apply(.starts, [condition, graph.add(.close, registry)])
    case .session:
      let starts = graph.apply(.starts, [condition, graph.add(.close, registry)])
      let first = graph.apply(.equal, [graph.series(SeriesKey(.sessionStart)), graph.number(1)])
      return graph.apply(.or, [starts, graph.apply(.and, [first, condition])])
    }
  }

  private mutating func reason(_ measure: Measure, _ change: Int, _ limit: Int) -> Reason {
    let isRise = rule.direction == .buy
    let percent = graph.apply(.multiply, [change, graph.number(isRise ? 100 : -100)])
    var parts: [Reason.Part] = [
      .text("\(measure.name) "), .value(measure.price), .text(" is "), .value(percent),
      .text(" % \(isRise ? "above" : "below") \(measure.words) "), .value(measure.base),
    ]
    if !rule.isBreak || threshold.initial != 0 || !threshold.symbols.isEmpty {
      parts += [
        .text("; threshold "), .value(graph.apply(.multiply, [limit, graph.number(100)])), .text(" %"),
      ]
    }
    return Reason(parts: parts)
  }
}
