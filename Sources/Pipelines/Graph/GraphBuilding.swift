public import PluginKit
import Trading

extension Graph {
  public mutating func number(_ value: Double) -> Int {
    intern(.number(value), [], .number, warmUp: 0, interval: value.isNaN ? .all : Interval(value, value))
  }

  /// A duration in minutes.
  mutating func duration(_ duration: Timeframe) -> Int {
    let minutes = Double(duration.milliseconds) / 60_000
    return intern(
      .duration(minutes), [], .number, warmUp: 0, unit: .time, interval: Interval(minutes, minutes))
  }

  public mutating func series(_ key: SeriesKey) -> Int {
    guard key.symbol != nil || key.timeframe != nil else {
      let (unit, interval) = Graph.measure(of: key.kind)
      return intern(.series(key), [], .number, warmUp: 0, unit: unit, interval: interval)
    }
    return aligned(Clock(symbol: key.symbol, timeframe: key.timeframe), .number) { $0.series(SeriesKey(key.kind)) }
  }

  private static func measure(of kind: SeriesKey.Kind) -> (Measure.Unit, Interval) {
    switch kind {
    case .candle(.volume): (.volume, Interval(0, .infinity))
    case .candle: (.price, Interval(.leastNonzeroMagnitude, .infinity))
    case .sessionStart: (.unknown, .truth)
    case .sessionElapsed: (.time, Interval(0, .infinity))
    case .sessionsMissed: (.unknown, Interval(0, .infinity))
    case .quoted: (.price, Interval(.leastNonzeroMagnitude, .infinity))
    case .bySymbol(let table):
      (.unknown, Interval(table.numbers.min() ?? -.infinity, table.numbers.max() ?? .infinity))
    case .weekday: (.unknown, Interval(1, 7))
    case .fact(.sentiment): (.unknown, Interval(-1, 1))
    case .fact(.newsCount): (.unknown, Interval(0, .infinity))
    case .fact(.fundamental(let field, _, _)): (field.isPerShare ? .price : .unknown, .all)
    }
  }

  /// One output of an indicator. `inputs` are the user's series; the candle columns of one that reads them by itself
  /// are added here.
  mutating func indicator(
    _ entry: IndicatorEntry, _ inputs: [Int], _ settings: [String: Double], output: Int
  ) -> Int {
    var complete: [String: Double] = [:]
    for parameter in entry.parameters { complete[parameter.name] = parameter.initial.number }
    complete.merge(settings) { _, given in given }
    let inputs = entry.takesSeries ? inputs : entry.inputs.compactMap { candleColumn($0) }
    // Of the combinations of a sweep most name an indicator that another one has named.
    let node = known(.indicator(entry.id, complete), inputs) ?? add(entry, inputs, complete)
    guard !entry.outputs.isEmpty else { return node }
    return intern(
      .output(output), [node], .number, warmUp: nodes[node].warmUp, unit: nodes[node].unit,
      interval: nodes[node].interval)
  }

  private mutating func add(_ entry: IndicatorEntry, _ inputs: [Int], _ settings: [String: Double]) -> Int {
    let configured = entry(settings)
    let warmUp = (inputs.map { nodes[$0].warmUp }.max() ?? 0) + configured.warmUp
    let first = inputs.first.map { nodes[$0] }
    let unit = entry.measure.unit == .same ? first?.unit ?? .unknown : entry.measure.unit
    let range = entry.measure.range.map { Interval($0.lowerBound, $0.upperBound) } ?? first?.interval ?? .all
    return intern(
      .indicator(entry.id, settings), inputs, .number, warmUp: warmUp, reach: configured.reach,
      width: max(1, entry.outputs.count), unit: unit, interval: range, indicator: configured)
  }

  private mutating func candleColumn(_ name: String) -> Int? {
    CandleSeries.Column(named: name).map { series(SeriesKey(.candle($0))) }
  }

  /// A term of a module. What a module names is in the registry, which the conformance suite sees to; a name that is
  /// not has no value.
  public mutating func add(_ term: Term, _ registry: Registry) -> Int {
    switch term {
    case .number(let value): return number(value)
    case .series(let key): return series(key)
    case .column(let column): return column.index
    case .clock(let inner, let timeframe):
      return aligned(Clock(timeframe: timeframe), .number) { $0.add(inner, registry) }
    case .call(let id, let inputs, let settings, let output):
      let inputs = inputs.map { add($0, registry) }
      guard let entry = registry.indicators[id] else { return number(.nan) }
      return indicator(entry, inputs, settings, output: output)
    case .operation(let operation, let inputs):
      return apply(operation, inputs.map { add($0, registry) })
    }
  }

  /// An operation on nodes. What has only numbers for inputs is worked out at once.
  public mutating func apply(_ operation: Operation, _ inputs: [Int]) -> Int {
    if let value = constant(operation, inputs) { return number(value) }
    if case .ago(0) = operation, let input = inputs.first { return input }
    if let known = known(.operation(operation), inputs) { return known }
    let warmUps = inputs.map { nodes[$0].warmUp }
    let latest = warmUps.max() ?? 0
    var (warmUp, reach) = (latest, 0)
    switch operation {
    case .ago(let bars): (warmUp, reach) = (latest + bars, bars)
    case .crossesAbove, .crossesBelow: (warmUp, reach) = (latest + 1, 1)
    case .every(let bars): warmUp = latest + bars - 1
    case .count(let bars): (warmUp, reach) = (latest + bars - 1, bars)
    case .sessionHighest, .sessionLowest: break
    case .or, .coalesce, .vote: warmUp = warmUps.min() ?? 0
    case .choose: warmUp = max(warmUps.first ?? 0, warmUps.dropFirst().min() ?? 0)
    default: break
    }
    return intern(
      .operation(operation), inputs, Graph.valueKind(of: operation), warmUp: warmUp, reach: reach,
      unit: .of(operation, inputs.map { nodes[$0].unit }), interval: .of(operation, inputs.map { nodes[$0].interval }))
  }

  static func valueKind(of operation: Operation) -> ValueKind {
    switch operation {
    case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual, .and, .or, .not, .crossesAbove,
      .crossesBelow, .within, .every, .starts, .spaced:
      .condition
    case .vote, .latest: .vote
    default: .number
    }
  }

  /// The value of an operation on numbers alone; nil where an input is no number or the operation looks back.
  private func constant(_ operation: Operation, _ inputs: [Int]) -> Double? {
    var values: [Double] = []
    for input in inputs {
      guard case .number(let value) = nodes[input].kind else { return nil }
      values.append(value)
    }
    switch (operation, values.count) {
    case (.ago, 1): return values[0]
    case (.negate, 1): return -values[0]
    case (.add, 2): return values[0] + values[1]
    case (.subtract, 2): return values[0] - values[1]
    case (.multiply, 2): return values[0] * values[1]
    case (.divide, 2): return finite(values[0] / values[1])
    case (.absolute, 1): return abs(values[0])
    case (.squareRoot, 1): return finite(values[0].squareRoot())
    default: return nil
    }
  }

  private func finite(_ value: Double) -> Double { value.isFinite ? value : .nan }
}
