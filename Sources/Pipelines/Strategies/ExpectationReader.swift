import PluginKit
import Trading

/// Reads `expect:` of a test.
struct ExpectationReader {
  /// What the test runs over; nil where that is faulty.
  let series: TestPrices.Series?
  /// The rules of a price alert, of which each signal is one; nil where a signal has a direction.
  let alerts: [AlertRule]?
  let diagnostics: Diagnostics

  func read(_ value: YAMLValue?) -> [StrategyTest.Expectation]? {
    guard let value, let items = diagnostics.list(value, "expect") else { return nil }
    let before = diagnostics.errors
    let expected = items.compactMap { expectation($0) }
    return diagnostics.errors == before ? expected : nil
  }

  private func expectation(_ item: YAMLValue) -> StrategyTest.Expectation? {
    guard var reader = MappingReader(item, "an expected signal", diagnostics) else { return nil }
    let time = reader.entry("time")
    let bar: Int?
    if let time {
      bar = self.bar(at: time.value)
      if reader.take("bar") != nil {
        diagnostics.report(
          .conflictingKeys, at: time.key, "an expected signal has bar: or time:, not both", hint: "leave out one")
      }
    } else {
      let count = series?.candles.count ?? SeriesNotation.limit
      let value = reader.require("bar")
      bar = diagnostics.whole(value, "bar", 0...max(0, count - 1))
      if let value, let bar { checkRange(bar, value) }
    }
    let (direction, rule) = said(&reader)
    let confidence = confidence(reader.take("confidence"))
    let reason = diagnostics.text(reader.take("reason"), "reason")
    let price = diagnostics.number(reader.take("price"), "price")
    reader.finish()
    guard let bar, let direction else { return nil }
    return StrategyTest.Expectation(
      bar: bar, direction: direction, confidence: confidence, reason: reason, price: price, rule: rule)
  }

  /// What is said: a direction, or a rule of a price alert that has one.
  private func said(_ reader: inout MappingReader) -> (Direction?, AlertRule?) {
    guard let alerts else {
      let words = Direction.allCases.map(\.rawValue)
      let word = diagnostics.word(reader.require("direction"), "direction", of: words)
      return (word.flatMap { Direction(rawValue: $0) }, nil)
    }
    let named = reader.require("rule", hint: "one of the file's rules")
    let rule = named.flatMap { diagnostics.word($0, "rule", of: alerts.map(\.rawValue)) }
      .flatMap { AlertRule(rawValue: $0) }
    return (rule?.direction, rule)
  }

  private func bar(at value: YAMLValue) -> Int? {
    guard let text = diagnostics.text(value, "time"), let series else { return nil }
    switch BarLookup(text, in: series.candles) {
    case .found(let bar):
      checkRange(bar, value)
      return bar
    case .noTime:
      diagnostics.report(.badTime, at: value, "time \"\(text)\" is no time", hint: "write 2008-01-31")
    case .absent(let nearest):
      diagnostics.report(
        .outOfRange, at: value, "no bar has the time \(text)",
        hint: "the nearest: \(nearest.map(\.description).joined(separator: ", "))")
    case .several(let count, let first):
      diagnostics.report(
        .outOfRange, at: value, "\(count) bars lie on \(text)", hint: "name one by its time: \(first)")
    }
    return nil
  }

  /// What lies outside from: and to: is not compared.
  private func checkRange(_ bar: Int, _ value: YAMLValue) {
    guard let series, !series.counted.contains(bar) else { return }
    diagnostics.report(
      .outOfRange, at: value, "bar \(bar) (\(series.candles.times[bar])) lies outside from: and to:",
      hint: "bars \(series.counted.lowerBound) to \(series.counted.upperBound - 1) are compared")
  }

  /// `75`, or `60..90`.
  private func confidence(_ value: YAMLValue?) -> ClosedRange<Double>? {
    guard let value, let text = diagnostics.text(value, "confidence") else { return nil }
    var bounds: [Double] = []
    if let dots = text.firstRange(of: "..") {
      bounds = [text[..<dots.lowerBound], text[dots.upperBound...]].compactMap {
        Diagnostics.number(String($0), percent: false)
      }
    } else if let number = Diagnostics.number(text, percent: false) {
      bounds = [number, number]
    }
    if bounds.count == 2, bounds[0] <= bounds[1], bounds[0] >= 0, bounds[1] <= 100 { return bounds[0]...bounds[1] }
    diagnostics.report(
      .outOfRange, at: value, "confidence is a number from 0 to 100 or a range such as 60..90; found \(value.found)")
    return nil
  }
}
