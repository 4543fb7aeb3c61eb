public import Pipelines
import PluginKit
import Trading

extension ClosedRange<Instant> {
  var json: JSONValue {
    .object([("from", .string(lowerBound.dateText)), ("to", .string(upperBound.dateText))])
  }
}

extension WalkForward {
  /// The answer of `sweep --walk-forward … --format json`.
  public func json(strategy: String, axes: [ParameterAxis], rank: SweepRank) -> String {
    let head: [(String, JSONValue)] = [
      ("strategy", .string(strategy)), ("rank", .string(rank.column.name)),
      (
        "walk_forward",
        .object([
          ("kind", .string(plan.kind.rawValue)), ("train", .string(plan.train.description)),
          ("test", .string(plan.test.description)), ("step", .string((plan.step ?? plan.test).description)),
        ])
      ),
      ("combinations", .number(Double(combinations + refused))), ("refused", .number(Double(refused))),
      ("metrics", metricsJSON(metrics)),
    ]
    let symbols = joined.map { joined -> JSONValue in
      .object([
        ("symbol", .string(joined.symbol)), ("metrics", metricsJSON(MetricColumn.values(joined.metrics))),
        ("probabilistic_sharpe", joined.probabilisticSharpe.map { .number($0) } ?? .null),
      ])
    }
    let windows = windows.map { window -> JSONValue in
      .object([
        ("train", window.dates.train.json), ("test", window.dates.test.json),
        (
          "params",
          window.settings.map { settings in .object(zip(axes, settings).map { ($0.name, $1.json) }) } ?? .null
        ),
        ("in_sample", window.inSample.map(metricsJSON) ?? .null),
        ("out_of_sample", window.outOfSample.map(metricsJSON) ?? .null),
      ])
    }
    func list(_ name: String, _ items: [JSONValue]) -> String {
      "  \"\(name)\": [\n" + items.map { "    " + $0.line }.joined(separator: ",\n") + "\n  ]"
    }
    let lines = head.map { "  \"\($0.0)\": \($0.1.line)" } + [list("symbols", symbols), list("windows", windows)]
    return "{\n" + lines.joined(separator: ",\n") + "\n}\n"
  }
}
