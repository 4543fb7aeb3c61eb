import PluginKit
import Trading

extension Explanation {
  /// For people: a paragraph a direction, the tree below it; `✗` marks what kept it from firing.
  public var text: String {
    var lines = ["\(strategy) on \(symbol), bar \(bar), \(candle.time)"]
    if candle.close.isNaN {
      lines.append("the bar is missing")
    } else {
      let values = [
        ("open", candle.open), ("high", candle.high), ("low", candle.low), ("close", candle.close),
        ("volume", candle.volume),
      ]
      lines.append(values.map { "\($0.0) \(Figure($0.1))" }.joined(separator: "  "))
    }
    if signals.isEmpty { lines.append("no signal stands here") }
    lines += signals.map {
      "\($0.direction.rawValue) stands here, confidence \(Figure($0.confidence)): \($0.reason)"
    }
    for part in parts {
      lines += ["", "\(part.name) (step \(step)): \(words(for: part.verdict))"]
      lines += rows(of: part.tree, depth: 1)
    }
    return lines.joined(separator: "\n")
  }

  /// What became of a condition, in words.
  public func words(for verdict: Verdict) -> String {
    switch verdict {
    case .fires: "fires here"
    case .alreadyTrue(let since):
      "true, and no signal: it has been true since bar \(since) (\(times[since].shortText)), and the first is the signal"
    case .conflict: "true, and no signal: the other direction is true as well (a conflict)"
    case .noPosition: "true, and no signal: there is no position of this rule to leave"
    case .isFalse: "not true"
    case .unknown: "unknown"
    case .missingBar: "nothing is decided on a missing bar"
    }
  }

  private func rows(of node: ExplainedNode, depth: Int) -> [String] {
    var line = String(repeating: "  ", count: depth) + (node.isBlocking ? "✗ " : "  ")
    line += "\(node.text): \(node.valueText)"
    if let comparison = node.comparison, !comparison.margin.isNaN {
      line += "  (\(Figure(comparison.left)) against \(Figure(comparison.threshold)), margin "
      line += Explanation.signed(comparison.margin)
      if !comparison.marginShare.isNaN {
        line += ", \(Explanation.signed((comparison.marginShare * 10_000).rounded() / 100))%"
      }
      line += ")"
    }
    if let since = node.since, node.kind == "step" || node.kind == "vote" {
      line += "  since bar \(since.bar) (\(since.time))"
    }
    if let missing = node.missing { line += "  (\(missing))" }
    return [line] + node.inputs.flatMap { rows(of: $0, depth: depth + 1) }
  }

  private static func signed(_ value: Double) -> String { (value > 0 ? "+" : "") + Figure(value).description }
}

extension Explanation {
  public var json: JSONValue {
    .object([
      ("strategy", .string(strategy)), ("symbol", .string(symbol)), ("bar", .number(Double(bar))),
      ("time", .string(candle.time.description)), ("open", .number(candle.open)), ("high", .number(candle.high)),
      ("low", .number(candle.low)), ("close", .number(candle.close)), ("volume", .number(candle.volume)),
      (
        "signals",
        .array(
          signals.map { signal in
            .object([
              ("direction", .string(signal.direction.rawValue)), ("confidence", .number(signal.confidence)),
              ("price", .number(signal.price)), ("reason", .string(signal.reason)),
            ])
          })
      ), ("step", .string(step)),
      (
        "conditions",
        .array(
          parts.map { part in
            .object([
              ("name", .string(part.name)), ("direction", .string(part.direction.rawValue)),
              ("verdict", .string(part.verdict.code)), ("because", .string(words(for: part.verdict))),
              ("tree", json(part.tree)),
            ])
          })
      ),
    ])
  }

  private func json(_ node: ExplainedNode) -> JSONValue {
    var entries: [(String, JSONValue)] = [
      ("text", .string(node.text)), ("kind", .string(node.kind)),
      (
        "value",
        node.valueKind == .condition
          ? Truth(node.value).json
          : node.valueKind == .vote && !node.value.isNaN ? .string(node.valueText) : .number(node.value)
      ),
    ]
    if let comparison = node.comparison {
      entries += [
        ("left", .number(comparison.left)), ("threshold", .number(comparison.threshold)),
        ("margin", .number(comparison.margin)), ("margin_share", .number(comparison.marginShare)),
      ]
    }
    if let since = node.since {
      entries.append(("since", .object([("bar", .number(Double(since.bar))), ("time", .string(since.time))])))
    }
    if let missing = node.missing { entries.append(("missing", .string(missing))) }
    if node.isBlocking { entries.append(("blocking", true)) }
    if !node.inputs.isEmpty { entries.append(("inputs", .array(node.inputs.map { json($0) }))) }
    return .object(entries)
  }
}

extension Explanation.Verdict {
  /// A stable name.
  var code: String {
    switch self {
    case .fires: "fires"
    case .alreadyTrue: "already_true"
    case .conflict: "conflict"
    case .noPosition: "no_position"
    case .isFalse: "false"
    case .unknown: "unknown"
    case .missingBar: "missing_bar"
    }
  }
}
