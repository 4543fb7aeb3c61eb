import PluginKit
import Trading

/// Writes what a strategy computes and does as text that is equal for equal strategies, however they are called,
/// described or laid out: the part of the graph that makes its signals, in an order that depends on nothing but the
/// rule, then the rule and the plan. Confidence, reasons, tests and notices are not part of it, for they change no trade.
///
/// Keeps the texts of nodes and plans that it has met, since the combinations of a sweep share nearly all of them.
public struct CanonicalText: Sendable {
  /// Of the form of the text; another one makes other texts of the same strategies.
  public static let version = 1

  private var kinds: [Graph.NodeKind: [UInt8]] = [:]
  private var plans: [TradePlan: [UInt8]] = [:]

  public init() {}

  /// The text of a strategy, as UTF-8.
  public mutating func bytes(of strategy: Strategy) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(1_024)
    var places: [Int: Int] = [:]
    let calls: [(name: String, column: Int)]
    switch strategy.rule.calls {
    case .both(let buy, let sell): calls = [("buy", buy), ("sell", sell)]
    case .positions(let long, let short):
      calls =
        (long.map { [("long", $0.enter), ("exit_long", $0.exit)] } ?? [])
        + (short.map { [("short", $0.enter), ("exit_short", $0.exit)] } ?? [])
    }
    for (name, column) in calls {
      let place = write(column, of: strategy.graph, &places, into: &text)
      text.append(contentsOf: "\(name)=\(place)\n".utf8)
    }
    text.append(contentsOf: strategy.emitsLevels ? "level\n".utf8 : "edge\n".utf8)
    for column in strategy.plan.columns {
      let place = write(column, of: strategy.graph, &places, into: &text)
      text.append(contentsOf: "plan=\(place)\n".utf8)
    }
    text.append(contentsOf: plan(strategy.plan))
    return text
  }

  /// The text of a rotation, whatever its universe.
  public mutating func bytes(of rotation: Rotation) -> [UInt8] {
    var text: [UInt8] = []
    var places: [Int: Int] = [:]
    for (name, column) in [("rank", rotation.rank as Int?), ("where", rotation.condition)] {
      guard let column else { continue }
      let place = write(column, of: rotation.graph, &places, into: &text)
      text.append(contentsOf: "\(name)=\(place)\n".utf8)
    }
    text.append(
      contentsOf: "hold \(rotation.top) \(rotation.untilRank) \(rotation.weighting) \(rotation.rebalance)\n".utf8)
    return text
  }

  /// The text of a portfolio of these strategies, whatever their symbols; in which order they are named counts only where
  /// the first one has its way.
  public mutating func bytes(of portfolio: Portfolio, strategies: [Strategy]) -> [UInt8] {
    var texts = strategies.map { bytes(of: $0) }
    if portfolio.onConflict != .first { texts.sort { $0.lexicographicallyPrecedes($1) } }
    let most = portfolio.maxPositions.map { "\($0)" } ?? "all"
    let rebalance = portfolio.rebalance.map { "\($0)" } ?? "never"
    return texts.flatMap { $0 }
      + Array("portfolio \(portfolio.weighting) \(most) \(portfolio.onConflict) \(rebalance)\n".utf8)
  }

  /// Writes a node after those that it reads, each once; the place is its number in the text.
  private mutating func write(
    _ node: Int, of graph: Graph, _ places: inout [Int: Int], into text: inout [UInt8]
  ) -> Int {
    if let place = places[node] { return place }
    let inputs = graph.nodes[node].inputs.map { write($0, of: graph, &places, into: &text) }
    let kind = graph.nodes[node].kind
    text.append(contentsOf: self.kind(kind))
    for input in inputs {
      text.append(UInt8(ascii: " "))
      text.append(contentsOf: String(input).utf8)
    }
    text.append(UInt8(ascii: "\n"))
    if case .aligned(let clock, let column) = kind, let inner = graph.clocks[clock] {
      text.append(contentsOf: "{\n".utf8)
      var innerPlaces: [Int: Int] = [:]
      _ = write(column, of: inner, &innerPlaces, into: &text)
      text.append(contentsOf: "}\n".utf8)
    }
    places[node] = places.count
    return places.count - 1
  }

  private mutating func kind(_ kind: Graph.NodeKind) -> [UInt8] {
    // NaN is equal to nothing, so a number is never found again.
    if case .number(let value) = kind { return Array("number \(value)".utf8) }
    if let known = kinds[kind] { return known }
    let text =
      switch kind {
      case .number(let value): "number \(value)"
      case .duration(let minutes): "duration \(minutes)"
      case .series(let key): "series \(CanonicalText.name(of: key.kind))"
      case .indicator(let id, let settings):
        "indicator \(id) "
          + settings.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
      case .output(let place): "output \(place)"
      case .operation(let operation): "operation \(operation)"
      case .aligned(let clock, _):
        "aligned \(clock.symbol ?? "") \(clock.timeframe.map(\.description) ?? "")"
      }
    let bytes = Array(text.utf8)
    kinds[kind] = bytes
    return bytes
  }

  private static func name(of kind: SeriesKey.Kind) -> String {
    if case .candle(let column) = kind { return "\(column)" }
    return "\(kind)"
  }

  private mutating func plan(_ plan: TradePlan) -> [UInt8] {
    var plan = plan
    // Where its columns stand in the graph depends on what else the file says; their nodes have been written.
    plan.columns = []
    if let known = plans[plan] { return known }
    let bytes = Array("\(plan)\n".utf8)
    plans[plan] = bytes
    return bytes
  }
}
