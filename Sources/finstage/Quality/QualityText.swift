import MarketData
import Pipelines
import Trading

/// What was found in prices, for people and for programs: written as it comes, so that one series at a time is held.
struct QualityText {
  let format: DataCheckCommand.Format
  /// Takes a text as it stands.
  private let put: (String) -> Void
  private var series = 0
  private var findings = 0

  init(_ format: DataCheckCommand.Format, put: @escaping (String) -> Void = { Terminal.put($0) }) {
    self.format = format
    self.put = put
  }

  /// How many findings of one kind and severity the table shows.
  private static let shown = 20

  mutating func show(_ prices: CheckedPrices) {
    switch format {
    case .table: put((series > 0 ? "\n" : "") + table(prices) + "\n")
    case .json:
      let items = json(prices)
      guard !items.isEmpty else { break }
      put((findings > 0 ? ",\n" : QualityText.opening + "\n") + items.joined(separator: ",\n"))
      findings += items.count
    }
    series += 1
  }

  private static let opening = "{\n  \"findings\": ["

  /// What closes it.
  func finish() {
    if format == .json { put((findings > 0 ? "\n  ]\n}" : QualityText.opening + "]\n}") + "\n") }
  }

  /// A paragraph: the worst first, each with its repair below.
  private func table(_ prices: CheckedPrices) -> String {
    let span = [prices.rows.firstTime, prices.rows.lastTime].compactMap { $0?.dateText }.joined(separator: " to ")
    let head = "\(prices.name): \(prices.rows.count) bars of \(prices.rows.timeframe), \(span): \(prices.summary)"
    return ([head] + lines(prices.report.findings)).joined(separator: "\n")
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

  private func json(_ prices: CheckedPrices) -> [String] {
    prices.report.findings.map { finding in
      "    "
        + JSONValue.object([
          ("file", prices.file.map { .string($0) } ?? .null),
          ("source", prices.source.map { .string($0) } ?? .null),
          ("symbol", .string(prices.rows.instrument.symbol)),
          ("timeframe", .string("\(prices.rows.timeframe)")), ("kind", .string(finding.kind.rawValue)),
          ("time", .string("\(finding.time)")), ("last", .string("\(finding.last)")),
          ("line", finding.line.map { .number(Double($0)) } ?? .null), ("severity", .string(finding.severity.rawValue)),
          ("evidence", .string(finding.evidence)), ("repair", finding.proposal.map { .string($0) } ?? .null),
          ("repairable", .bool(finding.canBeRepaired)),
        ]).line
    }
  }
}
