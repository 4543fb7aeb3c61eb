import Engine
import MarketData
import Storage
import Trading

/// The prices of one file or series, and what was found in them.
struct CheckedPrices {
  /// Nil where they come from a source or the store.
  var file: String?
  /// The source, where they come from the store.
  var source: String?
  var rows: PriceRows
  var report: QualityReport

  var name: String {
    file ?? "\(rows.instrument.symbol) \(rows.timeframe)\(source.map { " from \($0)" } ?? "")"
  }

  /// The counts in words.
  var summary: String { CandleCheck(report, at: Instant(milliseconds: 0)).summary ?? "nothing found" }
}

extension CheckedPrices {
  init(_ checked: CheckedSeries) {
    self.init(source: checked.key.source, rows: checked.rows, report: checked.report)
  }
}

extension CandleCheck {
  /// The counts in words; nil where nothing was found.
  var summary: String? {
    var parts: [String] = []
    if errors > 0 { parts.append(errors == 1 ? "1 error" : "\(errors) errors") }
    if warnings > 0 { parts.append(warnings == 1 ? "1 warning" : "\(warnings) warnings") }
    if notes > 0 { parts.append("\(notes) for information") }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }

  /// A line about prices that came in; nil where nothing in them is even likely wrong.
  func line(_ key: CandleKey) -> String? {
    guard errors + warnings > 0, let summary else { return nil }
    return "\(key): \(summary) in its prices; finstage data check \(key.symbol) shows them"
  }
}

extension CandleRepair {
  /// What it changed, in words.
  var extent: String {
    [(bars, "bar"), (actions, "dividend")].filter { $0.0 > 0 }
      .map { "\($0.0) \($0.1)\($0.0 == 1 ? "" : "s")" }.joined(separator: " and ")
  }

  /// A line about what was mended in a series.
  func line(_ key: CandleKey) -> String {
    "\(key): mended \(extent), revision \(revision); "
      + "finstage data repairs \(key.symbol) shows it, finstage data undo \(key.symbol) takes it back"
  }
}
