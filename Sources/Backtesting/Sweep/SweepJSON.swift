public import Pipelines
public import PluginKit
import Trading

extension Setting {
  /// The value as JSON.
  public var json: JSONValue {
    switch self {
    case .number(let value): .number(value)
    case .choice(let word): .string(word)
    case .numbers(let values): .array(values.map { .number($0) })
    }
  }

  /// The value as it stands in a table.
  public var text: String {
    switch self {
    case .number(let value): Int(exactly: value).map { "\($0)" } ?? "\(value)"
    case .choice(let word): word
    case .numbers(let values): values.map { "\($0)" }.joined(separator: " ")
    }
  }
}

extension SweepReport {
  /// The answer of `sweep --format json`: one line a combination. What is undefined is null, never NaN.
  public var json: String {
    var head: [(String, JSONValue)] = [
      ("strategy", .string(strategy)), ("series", .array(series.map(\.json))), ("rank", .string(rank.column.name)),
      ("search", search.json), ("combinations", .number(Double(combinations))), ("refused", .number(Double(refused))),
    ]
    if let split { head.append(("split", split.json)) }
    head.append(("trials", .array(zip(trials, series).map { $0.json(symbol: $1.symbol, ledger: ledger) })))
    let lines = head.map { "  \"\($0.0)\": \($0.1.line)" } + ["  \"results\": ["]
    let results = rows.map { "    " + json($0.result, $0.outOfSample).line }.joined(separator: ",\n")
    return "{\n" + lines.joined(separator: ",\n") + (results.isEmpty ? "]\n}\n" : "\n\(results)\n  ]\n}\n")
  }

  private func json(_ result: SweepResult, _ later: SweepResult?) -> JSONValue {
    var entry: [(String, JSONValue)] = [("params", .object(zip(axes, result.settings).map { ($0.name, $1.json) }))]
    if let later {
      entry += [
        ("metrics", metricsJSON(later.metrics)), ("in_sample", metricsJSON(result.metrics)),
        ("out_of_sample", metricsJSON(later.metrics)),
      ]
    } else {
      entry.append(("metrics", metricsJSON(result.metrics)))
    }
    if series.count > 1 {
      let rows = zip(series, (later ?? result).markets).map { series, figures in
        JSONValue.object([
          ("symbol", .string(series.symbol)), ("metrics", metricsJSON(MetricColumn.values(figures.metrics))),
        ])
      }
      entry.append(("symbols", .array(rows)))
    }
    return .object(entry)
  }
}

/// Metrics by the places of `MetricColumn.all`.
public func metricsJSON(_ values: [Double?]) -> JSONValue {
  .object(zip(MetricColumn.all, values).map { ($0.name, $1.map { .number($0) } ?? .null) })
}

extension SweepReport.Series {
  var json: JSONValue {
    .object([
      ("symbol", .string(symbol)), ("timeframe", .string(timeframe.description)), ("bars", .number(Double(bars))),
      ("first", first.map { .string($0.description) } ?? .null),
      ("last", last.map { .string($0.description) } ?? .null),
    ])
  }
}

extension SweepReport.Search {
  var json: JSONValue {
    switch self {
    case .grid: ["method": "grid"]
    case .random(let seed, let size):
      .object([("method", "random"), ("seed", .string("\(seed)")), ("of", .number(Double(size)))])
    case .halving(let rungs):
      .object([
        ("method", "halving"),
        (
          "rungs",
          .array(
            rungs.map {
              .object([
                ("to", $0.to.map { .string($0.dateText) } ?? .null), ("bars", .number(Double($0.bars))),
                ("combinations", .number(Double($0.combinations))),
              ])
            })
        ),
      ])
    }
  }
}

extension SweepTrials {
  func json(symbol: String, ledger: String?) -> JSONValue {
    .object([
      ("symbol", .string(symbol)), ("raw", .number(Double(raw))), ("effective", .number(effective)),
      ("source", .string(source.rawValue)), ("ledger", source == .ledger ? ledger.map { .string($0) } ?? .null : .null),
    ])
  }
}

extension SampleSplit {
  var json: JSONValue {
    .object([
      ("share", .number(share)), ("in_sample", inSample.json), ("out_of_sample", outOfSample.json),
      ("rank_correlation", correlation.map { .number($0) } ?? .null),
    ])
  }
}
