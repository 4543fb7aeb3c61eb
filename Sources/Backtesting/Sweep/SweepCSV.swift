import Pipelines

extension SweepReport {
  /// The answer of `sweep --format csv`: the parameters, the symbol where there are several, and the metrics; one row a
  /// combination and symbol, the best combination first. With a split, `in_sample_` columns stand before the others,
  /// which are those of the second part. An undefined figure is an empty field.
  public var csv: String {
    let names = MetricColumn.all.map(\.name)
    var head = axes.map(\.name)
    if series.count > 1 { head.append("symbol") }
    if split != nil { head += names.map { "in_sample_\($0)" } }
    head += names
    var lines = [head.map(SweepReport.field).joined(separator: ",")]
    for (result, later) in rows {
      for (place, series) in series.enumerated() {
        var fields = result.settings.map { SweepReport.field($0.text) }
        if self.series.count > 1 { fields.append(SweepReport.field(series.symbol)) }
        for part in [result, later].compactMap(\.self) {
          fields += MetricColumn.values(part.markets[place].metrics).map { $0.map(SweepReport.number) ?? "" }
        }
        lines.append(fields.joined(separator: ","))
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func number(_ value: Double) -> String {
    if let whole = Int(exactly: value), abs(whole) < 1 << 53 { return "\(whole)" }
    return "\(value)"
  }

  private static func field(_ text: String) -> String {
    guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
