import Trading

/// Reads the `tests:` of a strategy.
struct TestReader {
  let timeframe: Timeframe
  private var prices: TestPrices

  /// `folder` is where price files are looked for; without one there are none.
  init(timeframe: Timeframe, folder: String?) {
    self.timeframe = timeframe
    prices = TestPrices(timeframe: timeframe, folder: folder)
  }

  mutating func read(_ value: YAMLValue?, _ diagnostics: Diagnostics) -> [StrategyTest] {
    guard let value, let items = diagnostics.list(value, "tests") else { return [] }
    var tests: [StrategyTest] = []
    for item in items {
      if let test = test(item, diagnostics) { tests.append(test) }
      guard prices.valuesRead <= TestPrices.valueLimit else {
        diagnostics.report(
          .tooLarge, at: item, "up to here the tests hold more than \(TestPrices.valueLimit) values",
          hint: "a test needs few bars more than the longest average")
        break
      }
    }
    return tests
  }

  private mutating func test(_ value: YAMLValue, _ diagnostics: Diagnostics) -> StrategyTest? {
    guard var reader = MappingReader(value, "a test", diagnostics) else { return nil }
    let name = diagnostics.text(reader.require("name"), "name")
    let series = prices.read(&reader, diagnostics)
    let expected = expectations(&reader, series, diagnostics)
    let atLeast = diagnostics.flag(reader.take("at_least"), "at_least") ?? false
    reader.finish()
    guard let name, let series, let expected else { return nil }
    return StrategyTest(
      name: name, candles: series.candles, counted: series.counted, expected: expected, atLeast: atLeast,
      line: value.line)
  }

  /// `expect:`, or `must_not_fire: true`, which is an empty one.
  private func expectations(
    _ reader: inout MappingReader, _ series: TestPrices.Series?, _ diagnostics: Diagnostics
  ) -> [StrategyTest.Expectation]? {
    let silence = reader.entry("must_not_fire")
    let isSilent = diagnostics.flag(silence?.value, "must_not_fire")
    let hint = "expect: [{ bar: 30, direction: buy }], or expect: []"
    guard let silence else {
      return ExpectationReader(series: series, diagnostics: diagnostics).read(reader.require("expect", hint: hint))
    }
    guard let isSilent else {
      _ = reader.take("expect")
      return nil
    }
    guard isSilent else {
      return ExpectationReader(series: series, diagnostics: diagnostics).read(reader.require("expect", hint: hint))
    }
    for key in ["expect", "at_least"] where reader.take(key) != nil {
      diagnostics.report(
        .conflictingKeys, at: silence.key, "must_not_fire says that there is no signal, beside \"\(key)\"",
        hint: "leave out one of them")
      return nil
    }
    return []
  }
}
