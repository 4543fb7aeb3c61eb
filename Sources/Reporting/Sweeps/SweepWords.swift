import Backtesting
import Trading

/// What a reader must know of a sweep, in sentences.
enum SweepWords {
  static func series(_ series: [SweepReport.Series]) -> String {
    let symbols = series.count <= 5 ? series.map(\.symbol).joined(separator: ", ") : "\(series.count) symbols"
    let bars = series.map(\.bars).max() ?? 0
    var parts = [symbols, "\(Figures.terminal.count(bars)) bars"]
    if let first = series.compactMap(\.first).min(), let last = series.compactMap(\.last).max() {
      parts.append("\(first.dateText) to \(last.dateText)")
    }
    return parts.joined(separator: " · ")
  }

  static func sentences(_ report: SweepReport) -> [String] {
    var sentences = [combinations(report)]
    if report.series.count > 1 {
      sentences.append(
        "Each figure is the median over \(report.series.count) symbols, "
          + "undefined where it is so on half of them or more."
      )
    }
    if let split = report.split {
      sentences.append(
        "Ranked on \(split.inSample.lowerBound.dateText) to \(split.inSample.upperBound.dateText); "
          + "the other figures are of \(split.outOfSample.lowerBound.dateText) to "
          + "\(split.outOfSample.upperBound.dateText), "
          + "which the ranking has not seen."
      )
      if let correlation = split.correlation {
        sentences.append(
          "Rank correlation between the parts: \(Figures.terminal.number(correlation, digits: 2, signed: true) ?? ""); "
            + "near 0, the order on the first says nothing of the second."
        )
      }
    }
    if case .halving(let rungs) = report.search {
      let steps = rungs.map {
        "\(Figures.terminal.count($0.combinations)) over \(Figures.terminal.count($0.bars)) bars"
      }
      sentences.append("Halving: \(steps.joined(separator: ", then ")).")
    }
    if report.split == nil { sentences += trials(report.trials) }
    return sentences
  }

  private static func combinations(_ report: SweepReport) -> String {
    let write = Figures.terminal
    let shown = report.rows.count
    var text = "\(write.count(report.combinations)) combinations"
    if case .random(let seed, let size) = report.search { text += " drawn from \(write.count(size)) with seed \(seed)" }
    if report.refused > 0 { text += ", \(write.count(report.refused)) of them left out" }
    return shown < report.results.count ? "\(text); the best \(shown) are shown." : "\(text)."
  }

  private static func trials(_ trials: [SweepTrials]) -> [String] {
    guard let first = trials.first else { return [] }
    let raw = trials.map(\.raw).max() ?? 0
    let effective = trials.map(\.effective).max() ?? 0
    let write = Figures.terminal
    let counted = "\(write.count(raw)) trials, \(write.number(effective, digits: 0) ?? "") of them really different"
    switch first.source {
    case .ledger:
      return ["The deflated Sharpe ratio is corrected for \(counted), counted in the trial ledger."]
    case .sweep:
      return [
        "The deflated Sharpe ratio is corrected for \(counted), counted over this sweep alone: "
          + "what was tried before is not corrected for."
      ]
    }
  }
}
