public import Insights

/// What was said and how often it was right, a row a tenth of the confidence.
public struct CalibrationTable: Sendable {
  private let calibration: Calibration

  public init(_ calibration: Calibration) { self.calibration = calibration }

  /// Cells of the bar.
  private static let cells = 20

  public func text() -> String {
    let figures = Figures.terminal
    func percent(_ value: Double?) -> String { figures.percent(value, signed: false) ?? Figures.undefined }
    func whole(_ value: Double) -> String { figures.percent(value, digits: 0, signed: false) ?? Figures.undefined }
    let rows = calibration.bins.map { bin in
      [
        "\(Int((bin.lower * 100).rounded()))–\(Int((bin.upper * 100).rounded()))", figures.count(bin.count),
        percent(bin.confidence), percent(bin.rate),
        bin.interval.map { "\(whole($0.lowerBound))–\(whole($0.upperBound))" } ?? Figures.undefined,
        CalibrationTable.bar(bin),
      ]
    }
    let head = ["confidence", "calls", "said", "right", "95 % interval", "right, and │ what was said"]
    let widths = head.indices.map { column in
      ([head] + rows).reduce(0) { max($0, TerminalText.width($1[column])) }
    }
    var lines = ([head] + rows).map { row in
      row.enumerated().map { place, text -> String in
        if place == row.count - 1 { return text }
        return place == 0 ? TerminalText.left(text, widths[0]) : TerminalText.right(text, widths[place])
      }.joined(separator: "  ")
    }
    lines.append("")
    var sum =
      "All: said \(percent(calibration.confidence)), right in \(percent(calibration.rate)) of "
      + "\(figures.count(calibration.count)). Calibration error \(percent(calibration.expectedError)), Brier score "
      + (figures.number(calibration.brier, digits: 3) ?? Figures.undefined)
    if let base = calibration.baseBrier {
      sum += "; saying the base rate each time \(figures.number(base, digits: 3) ?? Figures.undefined)"
    }
    lines.append(sum + ".")
    return lines.joined(separator: "\n") + "\n"
  }

  private static func bar(_ bin: Calibration.Bin) -> String {
    let right = Int((bin.rate * Double(cells)).rounded())
    // A mean of many 0.8 is less than that by a rounding error.
    let said = min(cells - 1, Int(bin.confidence * Double(cells) + 1e-9))
    return (0..<cells).map { $0 == said ? "│" : $0 < right ? "█" : "·" }.joined()
  }
}
