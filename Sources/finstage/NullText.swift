import Backtesting

extension NullVerdict {
  /// The verdict as a table, and what it means in a sentence.
  var text: String {
    var rows = [["test", "runs", "false alarms", "rate", "95 % interval", ""]]
    for alarm in alarms {
      rows.append([
        alarm.test, "\(runs)", "\(alarm.count)", percent(Double(alarm.count) / Double(runs)),
        "\(percent(alarm.interval.lowerBound)) to \(percent(alarm.interval.upperBound))",
        alarm.keepsLevel ? "keeps \(percent(level))" : "ABOVE \(percent(level))",
      ])
    }
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    var lines = rows.map { row in
      var cells: [String] = []
      for (column, cell) in row.enumerated() {
        let gap = String(repeating: " ", count: widths[column] - cell.count)
        cells.append(column == 0 || column == row.count - 1 ? cell + gap : gap + cell)
      }
      let line = cells.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
    if !named.isEmpty {
      let most = named.prefix(3).map { "\($0.strategy) \($0.count)" }.joined(separator: ", ")
      lines.append("first in Romano-Wolf's alarms: \(most)\(named.count > 3 ? ", others" : "")")
    }
    lines.append(
      "planted edge found in \(plantedFound) of \(plantedRuns) histories"
        + (findsEdge ? "" : ": TOO FEW, \(percent(NullVerdict.power)) wanted"))
    lines.append(
      isSound
        ? "ok: the tests call luck luck at the level, and find skill where there is some."
        : "FAIL: " + (keepsLevel ? "the tests do not find skill." : "the tests call luck skill too often."))
    return lines.joined(separator: "\n")
  }

  private func percent(_ share: Double) -> String {
    let tenths = Int((share * 1_000).rounded())
    return tenths.isMultiple(of: 10) ? "\(tenths / 10) %" : "\(tenths / 10).\(tenths % 10) %"
  }
}
