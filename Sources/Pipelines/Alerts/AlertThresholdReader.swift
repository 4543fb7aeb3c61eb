import PluginKit
import Trading

/// Reads `threshold:` and `high:` of a rule.
struct AlertThresholdReader {
  let rule: AlertRule
  /// The category of each symbol that has one; nil where there is no configuration that says it.
  let categories: [String: String]?
  let diagnostics: Diagnostics

  /// One number for all, or a mapping of `default`, `categories` and `symbols`; nil where it is faulty, which has been
  /// reported.
  func threshold(_ value: YAMLValue) -> AlertThreshold? {
    guard value.entries != nil else { return number(value, "threshold").map { AlertThreshold($0) } }
    guard var reader = MappingReader(value, "threshold", diagnostics) else { return nil }
    let before = diagnostics.errors
    var threshold = AlertThreshold(reader.take("default").flatMap { number($0, "default") })
    let byCategory = reader.entry("categories")
    for (name, place, number) in numbers(byCategory, "categories") {
      threshold.categories[name] = number
      if let categories, !categories.values.contains(name) {
        let known = Set(categories.values).sorted()
        diagnostics.report(
          .unknownName, at: place, "no instrument of the configuration is of the category \"\(name)\"",
          hint: suggestion(for: name, among: known, called: "categories"))
      }
    }
    for (name, _, number) in numbers(reader.entry("symbols"), "symbols") { threshold.symbols[name] = number }
    reader.finish()
    guard diagnostics.errors == before else { return nil }
    if threshold.initial == nil, threshold.categories.isEmpty, threshold.symbols.isEmpty {
      diagnostics.report(
        .missingKey, at: value, "threshold names no number",
        hint: "threshold: { default: 3%, categories: { index: 1% } }")
      return nil
    }
    return threshold
  }

  /// A symbol that the file does not watch was perhaps misspelt.
  func checkSymbols(of threshold: AlertThreshold, in value: YAMLValue?, among watched: Set<String>?) {
    guard let watched else { return }
    let entries = value?.entries?.first { $0.name == "symbols" }?.value.entries ?? []
    for entry in entries where threshold.symbols[entry.name] != nil && !watched.contains(entry.name) {
      diagnostics.report(
        .notActedOn, at: entry.key, "the file does not watch \(entry.name)",
        hint: nearest(entry.name, among: watched).map { "did you mean \"\($0)\"?" } ?? "name it under symbols: too")
    }
  }

  /// From which change on the priority is high; not below a threshold that is reached before.
  func high(_ value: YAMLValue?, above threshold: AlertThreshold) -> Double? {
    guard let value, let high = number(value, "high") else { return nil }
    if let least = threshold.initial, high < least {
      diagnostics.report(
        .outOfRange, at: value, "high \(Figure(high * 100))% is below the threshold \(Figure(least * 100))%",
        hint: "from high on the priority is high; leave it out, and write priority: high, where it always is")
      return nil
    }
    return high
  }

  private func numbers(_ entry: YAMLValue.Entry?, _ what: String) -> [(name: String, place: YAMLValue, Double)] {
    guard let entry, let entries = MappingReader(entry.value, what, at: entry.key, diagnostics)?.entries else {
      return []
    }
    return entries.compactMap { item in
      guard let name = diagnostics.text(item.key, "a name under \(what)") else { return nil }
      return number(item.value, "the threshold of \(name)").map { (name, item.key, $0) }
    }
  }

  private func number(_ value: YAMLValue, _ what: String) -> Double? {
    guard let number = diagnostics.number(value, what, percent: true) else { return nil }
    if number < 0 {
      diagnostics.report(
        .outOfRange, at: value, "\(what) of \(rule.rawValue) is below 0; found \(value.found)",
        hint: "the rule has the direction, and a threshold says how far: \(Figure(-number * 100))%")
      return nil
    }
    guard number < 1, number > 0 || rule.isBreak else {
      diagnostics.report(
        .outOfRange, at: value,
        "\(what) of \(rule.rawValue) is \(rule.isBreak ? "0% or more" : "above 0%") and below 100%; found \(value.found)",
        hint: number >= 1 ? "3% is 0.03: write the percent sign" : nil)
      return nil
    }
    return number
  }
}
