import Trading

/// What every kind of file begins with.
struct FileHead {
  var name: String?
  var title: String
  var description: String
}

extension StrategyReader {
  func head(_ file: inout MappingReader) -> FileHead {
    let diagnostics = file.diagnostics
    let name = diagnostics.text(file.require("name"), "name")
    if namesAreFiles, let name, let value = file.take("name") { checkName(name, value, diagnostics) }
    return FileHead(
      name: name, title: diagnostics.text(file.take("title"), "title") ?? name ?? "",
      description: diagnostics.text(file.take("description"), "description") ?? "")
  }

  /// `weight` and `lookback`.
  func weighting(_ file: inout MappingReader) -> Weighting {
    let diagnostics = file.diagnostics
    let words = Weighting.Rule.allCases.map(\.rawValue)
    let word = diagnostics.word(file.take("weight"), "weight", of: words)
    let rule = word.flatMap { Weighting.Rule(rawValue: $0) } ?? .equal
    let entry = file.entry("lookback")
    let lookback = diagnostics.whole(entry?.value, "lookback", Weighting.lookbacks)
    if let entry, rule == .equal, word != nil || file.take("weight") == nil {
      diagnostics.report(
        .conflictingKeys, at: entry.key, "equal weights measure nothing, so there is nothing to look back on",
        hint: "leave out lookback, or choose a weight: \(words.dropFirst().joined(separator: ", "))")
    }
    return Weighting(rule, lookback: lookback ?? Weighting.initialLookback)
  }

  /// A period of the calendar that holds one bar at least.
  func period(_ value: YAMLValue?, _ timeframe: Timeframe?, _ diagnostics: Diagnostics) -> Timeframe? {
    guard let value, let period = duration(value, "rebalance", diagnostics) else { return nil }
    if let timeframe, period.milliseconds < timeframe.milliseconds {
      diagnostics.report(
        .badTime, at: value, "rebalance \(period) is shorter than a bar of \(timeframe)",
        hint: "\(timeframe) decides on every bar")
      return nil
    }
    return period
  }
}

extension Weighting {
  /// Two returns make a volatility.
  static let lookbacks = 2...10_000
}
