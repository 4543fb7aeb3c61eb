import Pipelines
import Storage
import Trading

/// Candles of the store as text, a row a bar. Numbers read back as the same numbers; what is missing is empty or null.
struct CandleListing {
  let key: CandleKey

  private static let names = ["open", "high", "low", "close", "volume"]

  func text(_ history: PriceHistory, _ format: CandlesCommand.Format) -> String {
    let series = history.series
    let adjusted = history.adjustedClose
    let header = ["timestamp"] + CandleListing.names + (adjusted == nil ? [] : ["adjusted_close"])
    func row(_ bar: Int) -> [Double] {
      CandleSeries.Column.allCases.map { series.value($0, at: bar) } + (adjusted.map { [$0[bar]] } ?? [])
    }
    if format == .json {
      let entries: [(String, JSONValue)] = [
        ("symbol", .string(key.symbol)), ("source", .string(key.source)), ("timeframe", .string("\(key.timeframe)")),
        ("currency", history.currency.map { .string($0) } ?? .null),
        (
          "candles",
          .array(
            (0..<series.count).map { bar in
              .object(
                [("timestamp", .string("\(series.times[bar])"))] + zip(header.dropFirst(), row(bar).map { .number($0) })
              )
            })
        ), ("actions", .array(history.actions.map(CandleListing.action))),
      ]
      return JSONValue.object(entries).text
    }
    let rows = (0..<series.count).map { ["\(series.times[$0])"] + row($0).map(CandleListing.written) }
    return format == .csv ? CandleListing.csv([header] + rows) : CandleListing.table([header] + rows)
  }

  /// The values that were replaced, with when they were fetched and replaced.
  func text(_ bars: [ReplacedBar], _ format: CandlesCommand.Format) -> String {
    let header =
      ["timestamp", "revision", "fetched_at", "replaced_at", "replaced_by"] + CandleListing.names + ["adjusted_close"]
    func row(_ bar: ReplacedBar) -> [Double] {
      let candle = bar.candle
      return [candle.open, candle.high, candle.low, candle.close, candle.volume, bar.adjustedClose ?? .nan]
    }
    func labels(_ bar: ReplacedBar) -> [String] {
      ["\(bar.candle.time)", "\(bar.revision)", "\(bar.fetchedAt)", "\(bar.replacedAt)", bar.replacedBy.rawValue]
    }
    if format == .json {
      let items = bars.map { bar in
        JSONValue.object(
          zip(header, labels(bar)).map { ($0, $0 == "revision" ? .number(Double(bar.revision)) : .string($1)) }
            + zip(header.dropFirst(5), row(bar).map { .number($0) }))
      }
      return JSONValue.object([
        ("symbol", .string(key.symbol)), ("source", .string(key.source)), ("timeframe", .string("\(key.timeframe)")),
        ("replaced", .array(items)),
      ]).text
    }
    let rows = bars.map { labels($0) + row($0).map(CandleListing.written) }
    return format == .csv ? CandleListing.csv([header] + rows) : CandleListing.table([header] + rows)
  }

  private static func action(_ action: CorporateAction) -> JSONValue {
    let (kind, value): (String, Double) =
      switch action.kind {
      case .dividend(let value): ("dividend", value)
      case .split(let value): ("split", value)
      case .capitalGain(let value): ("capital_gain", value)
      }
    return .object([("timestamp", .string("\(action.time)")), ("kind", .string(kind)), ("value", .number(value))])
  }

  /// The shortest text that reads back as the same number.
  private static func written(_ value: Double) -> String {
    guard value.isFinite else { return "" }
    if let whole = Int64(exactly: value), abs(whole) < 1 << 53 { return "\(whole)" }
    return "\(value)"
  }

  /// Lines of fields (RFC 4180).
  static func csv(_ rows: [[String]]) -> String {
    rows.map { row in
      row.map { field in
        guard field.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return field }
        return "\"\(field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\""
      }.joined(separator: ",") + "\n"
    }.joined()
  }

  /// Columns that stand one under another: the first ones left, the others right.
  static func table(_ rows: [[String]], leading: Int = 1) -> String {
    let widths = (0..<(rows.first?.count ?? 0)).map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      row.enumerated().map { index, field in
        let space = String(repeating: " ", count: max(0, widths[index] - field.count))
        return index < leading ? field + (index == row.count - 1 ? "" : space) : space + field
      }.joined(separator: "  ") + "\n"
    }.joined()
  }
}

/// What there is in the store, a row a series.
struct CoverageListing {
  let coverages: [(key: CandleKey, coverage: Coverage)]
  /// By symbol.
  let names: [String: String]

  init(_ coverages: [(key: CandleKey, coverage: Coverage)], names: [String: String] = [:]) {
    self.coverages = coverages
    self.names = names
  }

  func text(_ format: CandlesCommand.Format) -> String {
    let header = [
      "symbol", "timeframe", "source", "bars", "first", "last", "fetched_at", "revisions", "currency", "name",
    ]
    let rows = coverages.map { key, coverage in
      [
        key.symbol, "\(key.timeframe)", key.source, "\(coverage.count)", "\(coverage.first)", "\(coverage.last)",
        "\(coverage.fetchedAt)", "\(coverage.revision)", coverage.currency ?? "", names[key.symbol] ?? "",
      ]
    }
    switch format {
    case .csv: return CandleListing.csv([header] + rows)
    case .table: return CandleListing.table([header] + rows)
    case .json:
      let items = zip(coverages, rows).map { item, row in
        JSONValue.object(
          zip(header, row).map { name, field in
            switch name {
            case "bars": (name, .number(Double(item.coverage.count)))
            case "revisions": (name, .number(Double(item.coverage.revision)))
            default: (name, field.isEmpty ? .null : .string(field))
            }
          })
      }
      return JSONValue.object([("series", .array(items))]).text
    }
  }
}
