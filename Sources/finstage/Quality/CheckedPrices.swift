import MarketData
import Trading

/// The prices of one file or symbol, and what was found in them.
struct CheckedPrices {
  /// Nil where they come from a source.
  var file: String?
  var rows: PriceRows
  var report: QualityReport

  var name: String { file ?? "\(rows.instrument.symbol) \(rows.timeframe)" }

  func count(_ severity: QualityFinding.Severity) -> Int { report.findings.count { $0.severity == severity } }

  /// The counts in words.
  var summary: String {
    let (errors, warnings, notes) = (count(.error), count(.warning), count(.info))
    if report.findings.isEmpty { return "nothing found" }
    var parts: [String] = []
    if errors > 0 { parts.append(errors == 1 ? "1 error" : "\(errors) errors") }
    if warnings > 0 { parts.append(warnings == 1 ? "1 warning" : "\(warnings) warnings") }
    if notes > 0 { parts.append("\(notes) for information") }
    return parts.joined(separator: ", ")
  }
}
