import MarketData
import Pipelines
import Trading

/// What was found in prices, for people and for programs.
struct QualityText {
  let checked: [CheckedPrices]

  /// How many findings of one kind and severity the table shows.
  private static let shown = 20

  /// A paragraph a file: the worst first, each with its repair below.
  var table: String {
    checked.map { prices in
      let span = [prices.rows.firstTime, prices.rows.lastTime].compactMap { $0?.dateText }.joined(separator: " to ")
      let head = "\(prices.name): \(prices.rows.count) bars of \(prices.rows.timeframe), \(span): \(prices.summary)"
      return ([head] + lines(prices.report.findings)).joined(separator: "\n")
    }.joined(separator: "\n\n")
  }

  private func lines(_ findings: [QualityFinding]) -> [String] {
    var groups: [(severity: QualityFinding.Severity, kind: QualityKind, findings: [QualityFinding])] = []
    for finding in findings {
      if let at = groups.firstIndex(where: { $0.severity == finding.severity && $0.kind == finding.kind }) {
        groups[at].findings.append(finding)
      } else {
        groups.append((finding.severity, finding.kind, [finding]))
      }
    }
    let sorted = groups.enumerated().sorted {
      ($1.element.severity, $0.offset) < ($0.element.severity, $1.offset)
    }
    return sorted.map(\.element).flatMap { group in
      var lines = ["  \(group.severity.rawValue) \(group.kind.rawValue)"]
      for finding in group.findings.prefix(QualityText.shown) {
        let place = finding.line.map { ", line \($0)" } ?? ""
        lines.append("    \(QualityText.time(finding.time))\(place): \(finding.evidence)")
        if let proposal = finding.proposal { lines.append("      repair: \(proposal)") }
      }
      let more = group.findings.count - QualityText.shown
      if more > 0 { lines.append("    and \(more) more, which --format json lists") }
      return lines
    }
  }

  private static func time(_ time: Instant) -> String {
    time.milliseconds % 86_400_000 == 0 ? time.dateText : time.description
  }

  var json: String {
    let findings = checked.flatMap { prices in
      prices.report.findings.map { finding -> JSONValue in
        .object([
          ("file", prices.file.map { .string($0) } ?? .null), ("symbol", .string(prices.rows.instrument.symbol)),
          ("timeframe", .string("\(prices.rows.timeframe)")), ("kind", .string(finding.kind.rawValue)),
          ("time", .string("\(finding.time)")), ("last", .string("\(finding.last)")),
          ("line", finding.line.map { .number(Double($0)) } ?? .null), ("severity", .string(finding.severity.rawValue)),
          ("evidence", .string(finding.evidence)), ("repair", finding.proposal.map { .string($0) } ?? .null),
          ("repairable", .bool(finding.canBeRepaired)),
        ])
      }
    }
    return JSONValue.object([("findings", .array(findings))]).text
  }
}
