import Trading

/// Reads the columns of one rule bar by bar and says where signals stand.
///
/// A call is the bar on which its condition becomes true. Unknown to true is such a bar; a missing bar is passed over
/// and ends nothing. An exit is a level that is tested while the rule's own position is open: from the bar after the
/// call to the first bar on which it is true. Fills have no part in that.
struct SignalEmitter {
  private let rule: SignalRule
  private let levels: Bool
  private let reasons: Reasons
  private var found: [Signal] = []
  /// Values that the reasons of the latest signals quote, a row a signal, the oldest row first overwritten.
  private var quoted: [Double] = []
  private let width: Int
  /// Nodes whose values are kept with each signal, and those values: the columns of a plan.
  private let plan: [Int]
  private var planned: [[Double]] = []
  private(set) var conflicts = 0
  /// The first bars on which the bullish and the bearish condition were known.
  private(set) var firstBuy, firstSell: Int?
  /// Where the rule stands.
  var standing = Standing()
  /// The number of the first bar of the candles that are read, which is not 0 where only the latest are there.
  var firstBar = 0
  /// Signals of earlier bars are passed over.
  var tellsFrom = 0

  /// All that a rule remembers of the bars before.
  struct Standing {
    var wasBuy = false
    var wasSell = false
    /// The position that the calls so far make: 1 long, −1 short.
    var held: Int8 = 0
  }

  init(_ rule: SignalRule, levels: Bool, reasons: Reasons = .all, plan: [Int] = []) {
    self.rule = rule
    self.plan = plan
    self.levels = levels
    self.reasons = reasons
    width = rule.reasons.values.map(\.parts.count).max() ?? 0
    if case .latest(let count) = reasons { quoted = Array(repeating: .nan, count: max(0, count) * width) }
  }

  /// The signals so far, with as many reasons as were asked for.
  var signals: [Signal] {
    guard case .latest(let count) = reasons, count > 0 else { return found }
    var told = found
    for place in told.indices.suffix(count) {
      let signal = told[place]
      let row = place % count * width
      told[place] = Signal(
        time: signal.time, bar: signal.bar, direction: signal.direction, confidence: signal.confidence,
        price: signal.price, reason: reason(signal.direction) { part, _ in quoted[row + part] })
    }
    return told
  }

  /// The signals that were found since, with all their reasons and what the plan's columns say at each; they are kept
  /// here no longer.
  mutating func take() -> [(signal: Signal, planned: [Double])] {
    defer {
      found.removeAll(keepingCapacity: true)
      planned.removeAll(keepingCapacity: true)
    }
    return found.enumerated().map { ($1, planned.isEmpty ? [] : planned[$0]) }
  }

  var hasSignals: Bool { !found.isEmpty }

  /// Reads the bars of a block.
  mutating func read(_ bars: Range<Int>, of run: GraphRun, _ candles: CandleSeries) {
    guard case .both(let buy, let sell) = rule.calls else {
      for bar in bars { read(bar, of: run, candles) }
      return
    }
    let start = CandleSeries.Column.close.rawValue * candles.count
    let closes = candles.block.span.extracting(
      start + bars.lowerBound - firstBar..<start + bars.upperBound - firstBar)
    run.withColumns(buy, sell, bars) { buys, sells in
      for row in 0..<bars.count where !closes[row].isNaN {
        call(buys[row], sells[row], bars.lowerBound + row, run, candles)
      }
    }
  }

  mutating func read(_ bar: Int, of run: GraphRun, _ candles: CandleSeries) {
    guard !candles.isMissing(bar - firstBar) else { return }
    switch rule.calls {
    case .both(let buy, let sell):
      call(run.value(buy, at: bar), run.value(sell, at: bar), bar, run, candles)
    case .positions(let long, let short):
      if standing.held > 0, let long, run.value(long.exit, at: bar) == 1 {
        emit(.exitLong, bar, run, candles)
        standing.held = 0
      } else if standing.held < 0, let short, run.value(short.exit, at: bar) == 1 {
        emit(.exitShort, bar, run, candles)
        standing.held = 0
      }
      let buy = long.map { run.value($0.enter, at: bar) } ?? 0
      let sell = short.map { run.value($0.enter, at: bar) } ?? 0
      call(buy, sell, bar, run, candles)
    }
  }

  private mutating func call(
    _ bullish: Double, _ bearish: Double, _ bar: Int, _ run: GraphRun, _ candles: CandleSeries
  ) {
    if firstBuy == nil, !bullish.isNaN { firstBuy = bar }
    if firstSell == nil, !bearish.isNaN { firstSell = bar }
    let (buy, sell) = (bullish == 1, bearish == 1)
    if buy, sell {
      conflicts += 1
    } else if buy, levels || !standing.wasBuy {
      emit(.buy, bar, run, candles)
      standing.held = 1
    } else if sell, levels || !standing.wasSell {
      emit(.sell, bar, run, candles)
      standing.held = -1
    }
    (standing.wasBuy, standing.wasSell) = (buy, sell)
  }

  private mutating func emit(_ direction: Direction, _ bar: Int, _ run: GraphRun, _ candles: CandleSeries) {
    guard bar >= tellsFrom else { return }
    var text = ""
    switch reasons {
    case .all: text = reason(direction) { _, node in run.value(node, at: bar) }
    case .latest(let count) where count > 0:
      let row = found.count % count * width
      for (place, part) in (rule.reasons[direction]?.parts ?? []).enumerated() {
        if case .value(let node) = part { quoted[row + place] = run.value(node, at: bar) }
      }
    case .latest: break
    }
    if !plan.isEmpty { planned.append(plan.map { run.value($0, at: bar) }) }
    found.append(
      Signal(
        time: candles.times[bar - firstBar], bar: bar, direction: direction,
        confidence: run.value(rule.confidence, at: bar),
        price: candles.value(.close, at: bar - firstBar), reason: text))
  }

  /// The text of a reason; `value` tells what the part at a place quotes of a node.
  private func reason(_ direction: Direction, value: (_ place: Int, _ node: Int) -> Double) -> String {
    rule.reasons[direction]?.text(value) ?? ""
  }
}
