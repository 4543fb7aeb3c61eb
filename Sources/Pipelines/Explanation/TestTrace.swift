import PluginKit
public import Trading

/// The bars around a fault of a test: what the rule saw on them, what was expected and what came.
public struct TestTrace: Sendable {
  public struct Row: Sendable {
    public var bar: Int
    public var candle: Candle
    /// As many as there are columns.
    public var values: [Double]
    public var expected, found: [String]
    public var isCounted: Bool
  }

  public struct Column: Sendable {
    public var name: String
    public var isCondition: Bool
  }

  public private(set) var columns: [Column]
  public private(set) var rows: [Row]

  private static let before = 5
  private static let after = 3
  /// Faults far apart are shown apart, the first of them.
  private static let windowLimit = 3
  private static let operandLimit = 8

  /// The windows around some bars, those that touch as one.
  static func around(
    _ bars: [Int], of test: StrategyTest, _ signals: [Signal], _ strategy: Strategy, _ registry: Registry
  ) throws(GraphError) -> [TestTrace] {
    var windows: [Range<Int>] = []
    for bar in bars.sorted() where bar < test.candles.count {
      let window = max(0, bar - before)..<min(test.candles.count, bar + after + 1)
      if let last = windows.last, window.lowerBound <= last.upperBound {
        windows[windows.count - 1] = last.lowerBound..<max(last.upperBound, window.upperBound)
      } else {
        windows.append(window)
      }
    }
    var traces: [TestTrace] = []
    for window in windows.prefix(windowLimit) {
      traces.append(try TestTrace(window.prefix(40), of: test, signals, strategy, registry))
    }
    return traces
  }

  private init(
    _ bars: Range<Int>, of test: StrategyTest, _ signals: [Signal], _ strategy: Strategy, _ registry: Registry
  ) throws(GraphError) {
    let graph = strategy.graph
    let text = NodeText(graph, registry: registry, steps: strategy.steps)
    let conditions = (strategy.decidingStep?.conditions ?? []).filter { !graph.isConstant($0.node) }
    let quoted = strategy.rule.reasons.values.flatMap(\.parts).compactMap { part -> Int? in
      if case .value(let node) = part { node } else { nil }
    }
    let operands = graph.operands(of: conditions.map(\.node) + quoted.sorted(), limit: TestTrace.operandLimit)
    columns =
      operands.map { Column(name: text[$0], isCondition: false) }
      + conditions.map { Column(name: $0.name, isCondition: true) }
    let values = try graph.values(of: operands + conditions.map(\.node), on: bars, over: test.market)
    rows = bars.enumerated().map { place, bar in
      Row(
        bar: bar, candle: test.candles[bar], values: values.map { $0[place] },
        expected: test.expected.filter { $0.bar == bar }.map(\.described),
        found: signals.filter { $0.bar == bar }.map {
          "\($0.direction.rawValue) (\(Figure($0.confidence)))"
        }, isCounted: test.counted.contains(bar))
    }
  }

  /// An aligned table, a line a bar.
  public var lines: [String] {
    let names = ["bar", "time", "open", "high", "low", "close", "volume"] + columns.map(\.name)
    var table = TextTable(names + ["expected", "came"], left: [1, names.count, names.count + 1])
    for row in rows {
      let candle = row.candle
      var cells = ["\(row.bar)", candle.time.shortText]
      cells += [candle.open, candle.high, candle.low, candle.close, candle.volume].map { Figure($0).description }
      for (column, value) in zip(columns, row.values) {
        cells.append(column.isCondition ? Truth(value).word : Figure(value).description)
      }
      let silence = row.isCounted ? "" : "(not compared)"
      table.add(
        cells + [
          row.expected.isEmpty ? silence : row.expected.joined(separator: "; "), row.found.joined(separator: "; "),
        ])
    }
    return table.lines
  }

  public var json: JSONValue {
    .array(
      rows.map { row in
        let candle = row.candle
        let values = zip(columns, row.values).map { column, value -> (String, JSONValue) in
          (column.name, column.isCondition ? Truth(value).json : .number(value))
        }
        return .object([
          ("bar", .number(Double(row.bar))), ("time", .string(candle.time.description)),
          ("open", .number(candle.open)), ("high", .number(candle.high)), ("low", .number(candle.low)),
          ("close", .number(candle.close)), ("volume", .number(candle.volume)), ("values", .object(values)),
          ("expected", .array(row.expected.map { .string($0) })), ("came", .array(row.found.map { .string($0) })),
        ])
      })
  }
}

extension Instant {
  /// The date where the time is midnight, else the whole.
  var shortText: String { milliseconds % 86_400_000 == 0 ? dateText : description }
}
