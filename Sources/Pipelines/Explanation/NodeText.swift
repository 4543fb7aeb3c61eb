import PluginKit
import Trading

/// The nodes of a graph as texts of the expression language: what a rule became, whoever wrote it. A node that is the
/// vote of a step is told by the step's id; kinds that are not known here are told by their names.
struct NodeText {
  private var texts: [String] = []
  private var levels: [Int] = []

  /// Terms that share parts may be very long when they are written out.
  private static let limit = 240

  /// How tightly the outermost part binds; an atom most.
  private enum Level {
    static let or = 1, and = 2, not = 3, comparison = 4, sum = 5, product = 6, unary = 7, postfix = 8, atom = 9
  }

  init(_ graph: Graph, registry: Registry, steps: [StepOutline] = []) {
    let voters = graph.voters(of: steps)
    for (index, node) in graph.nodes.enumerated() {
      let (text, level) = voters[index].map { ($0, Level.atom) } ?? written(node, graph, registry)
      texts.append(text.count > NodeText.limit ? text.prefix(NodeText.limit) + "…" : text)
      levels.append(level)
    }
  }

  subscript(node: Int) -> String { texts.indices.contains(node) ? texts[node] : "" }

  private func written(_ node: Graph.Node, _ graph: Graph, _ registry: Registry) -> (String, Int) {
    if case .duration(let minutes) = node.kind { return ("\(Figure(minutes))m", Level.atom) }
    if case .aligned(let clock, let column) = node.kind {
      return (aligned(clock, column, graph, registry), Level.postfix)
    }
    if case .number(let value) = node.kind { return (Figure(value).description, value < 0 ? Level.unary : Level.atom) }
    let inputs = node.inputs
    switch node.kind {
    case .series(let key): return (NodeText.name(of: key), Level.atom)
    case .indicator(let id, let settings): return (call(id, settings, inputs, registry), Level.atom)
    case .output(let place):
      guard let source = inputs.first else { return ("output", Level.atom) }
      var name = "\(place)"
      if case .indicator(let id, _) = graph.nodes[source].kind,
        let outputs = registry.indicators[id]?.outputs, outputs.indices.contains(place)
      {
        name = outputs[place]
      }
      return ("\(texts[source]).\(name)", Level.postfix)
    case .operation(let operation): return written(operation, inputs, graph)
    default: return (called(Graph.name(of: node.kind), inputs), Level.atom)
    }
  }

  /// A column of another clock, as it is written: `sma(close, 20) @ 1w`, `symbol("^VIX").close`.
  private func aligned(_ clock: Graph.Clock, _ column: Int, _ graph: Graph, _ registry: Registry) -> String {
    guard let inner = graph.clocks[clock] else { return "another clock" }
    let texts = NodeText(inner, registry: registry)
    var text = texts.levels[column] < Level.postfix ? "(\(texts[column]))" : texts[column]
    if let symbol = clock.symbol {
      text = symbol.hasPrefix("@") ? "\(symbol.dropFirst()).\(text)" : "symbol(\"\(symbol)\").\(text)"
    }
    if let timeframe = clock.timeframe { text += " @ \(timeframe)" }
    return text
  }

  private static func name(of key: SeriesKey) -> String {
    var text =
      switch key.kind {
      case .candle(let column): "\(column)"
      case .sessionStart: "session start"
      case .sessionElapsed: "session.elapsed"
      case .sessionsMissed: "session.missed"
      case .quoted(let column): "quoted \(column)"
      case .bySymbol: "threshold"
      case .weekday: "weekday"
      case .fact(let measure): "\(measure)"
      }
    if let symbol = key.symbol { text = "symbol(\"\(symbol)\").\(text)" }
    if let timeframe = key.timeframe { text += " @ \(timeframe)" }
    return text
  }

  private func call(_ id: String, _ settings: [String: Double], _ inputs: [Int], _ registry: Registry) -> String {
    let entry = registry.indicators[id]
    let series = entry?.takesSeries == false ? [] : inputs.map { texts[$0] }
    let names = entry?.parameters.map(\.name) ?? settings.keys.sorted()
    let values = names.compactMap { settings[$0] }.map { Figure($0).description }
    return "\(id)(\((series + values).joined(separator: ", ")))"
  }

  private func called(_ name: String, _ inputs: [Int], _ more: String? = nil) -> String {
    "\(name)(\((inputs.map { texts[$0] } + (more.map { [$0] } ?? [])).joined(separator: ", ")))"
  }

  private func written(_ operation: Operation, _ inputs: [Int], _ graph: Graph) -> (String, Int) {
    if let change = graph.change(operation, inputs) {
      return (called("change", [change.of], change.bars == 1 ? nil : "\(change.bars)"), Level.atom)
    }
    if let voice = graph.voice(operation, inputs) {
      let span = voice.within > 1 ? " within \(voice.within) bars" : ""
      return ("\(texts[voice.vote]) says \(voice.direction.rawValue)\(span)", Level.comparison)
    }
    if let symbol = operation.comparisonSymbol { return infix(symbol, inputs, Level.comparison) }
    switch operation {
    case .add: return infix("+", inputs, Level.sum)
    case .subtract: return infix("-", inputs, Level.sum)
    case .multiply: return infix("*", inputs, Level.product)
    case .divide: return infix("/", inputs, Level.product)
    case .and: return infix("and", inputs, Level.and)
    case .or: return infix("or", inputs, Level.or)
    case .negate: return ("-" + part(inputs.first, Level.unary), Level.unary)
    case .not: return ("not " + part(inputs.first, Level.not), Level.not)
    case .ago(let bars): return ("\(part(inputs.first, Level.postfix))[\(bars)]", Level.postfix)
    case .within(let bars), .every(let bars), .count(let bars), .latest(let bars):
      return (called(operation.name, inputs, "\(bars)"), Level.atom)
    default: return (called(operation.name, inputs), Level.atom)
    }
  }

  private func infix(_ symbol: String, _ inputs: [Int], _ level: Int) -> (String, Int) {
    let parts = inputs.enumerated().map { place, input in
      // a - (b - c), a / (b / c)
      part(input, place > 0 && (symbol == "-" || symbol == "/") ? level + 1 : level)
    }
    return (parts.joined(separator: " \(symbol) "), level)
  }

  private func part(_ node: Int?, _ level: Int) -> String {
    guard let node else { return "" }
    return levels[node] < level ? "(\(texts[node]))" : texts[node]
  }
}
