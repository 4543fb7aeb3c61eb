import Trading

/// Reads the `tests:` of a strategy.
struct TestReader {
  let timeframe: Timeframe
  /// Of a strategy with groups; the bars of the first one decide.
  private let roles: [String]
  /// The rules of a price alert, which expectations name; nil in a strategy.
  private let alerts: [AlertRule]?
  private var prices: TestPrices

  /// `folder` is where price files are looked for; without one there are none.
  init(timeframe: Timeframe, folder: String?, roles: [String] = [], alerts: [AlertRule]? = nil) {
    self.alerts = alerts
    self.timeframe = timeframe
    self.roles = roles
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
    var series = prices.read(&reader, diagnostics)
    // A price alert has thresholds by symbol.
    if alerts != nil, let symbol = diagnostics.text(reader.take("symbol"), "symbol") {
      if let named = series?.candles.named(symbol) { series?.candles = named }
    }
    let others = others(reader.entry("others"), beside: series, hasCloses: reader.entry("closes") != nil, diagnostics)
    let facts = FactReader(candles: series?.candles, diagnostics: diagnostics)
      .read(news: reader.take("news"), filings: reader.take("filings"))
    let expected = expectations(&reader, series, diagnostics)
    let atLeast = diagnostics.flag(reader.take("at_least"), "at_least") ?? false
    reader.finish()
    guard let name, let series, let others, let facts, let expected else { return nil }
    return StrategyTest(
      name: name, candles: series.candles, others: others, facts: facts, counted: series.counted, expected: expected,
      atLeast: atLeast, line: value.line)
  }

  /// The closes of other roles or symbols, bar by bar beside `closes:`.
  private mutating func others(
    _ entry: YAMLValue.Entry?, beside series: TestPrices.Series?, hasCloses: Bool, _ diagnostics: Diagnostics
  ) -> [String: CandleSeries]? {
    guard let entry else { return [:] }
    guard hasCloses else {
      diagnostics.report(
        .conflictingKeys, at: entry.key, "\"others\" stands beside closes:", hint: "give the bars as closes:")
      return nil
    }
    guard let entries = MappingReader(entry.value, "others", at: entry.key, diagnostics)?.entries else { return nil }
    var others: [String: CandleSeries] = [:]
    for other in entries {
      if other.name == roles.first {
        diagnostics.report(
          .conflictingKeys, at: other.key, "the bars of \(other.name) decide: they are those of closes:")
        return nil
      }
      guard let candles = prices.closes(other.value, other.name, like: series, diagnostics) else { return nil }
      others[roles.contains(other.name) ? "@\(other.name)" : other.name] = candles
    }
    return others
  }

  /// `expect:`, or `must_not_fire: true`, which is an empty one.
  private func expectations(
    _ reader: inout MappingReader, _ series: TestPrices.Series?, _ diagnostics: Diagnostics
  ) -> [StrategyTest.Expectation]? {
    let silence = reader.entry("must_not_fire")
    let isSilent = diagnostics.flag(silence?.value, "must_not_fire")
    let hint = "expect: [{ bar: 30, \(alerts == nil ? "direction: buy" : "rule: price_rise") }], or expect: []"
    guard let silence else {
      return ExpectationReader(series: series, alerts: alerts, diagnostics: diagnostics)
        .read(reader.require("expect", hint: hint))
    }
    guard let isSilent else {
      _ = reader.take("expect")
      return nil
    }
    guard isSilent else {
      return ExpectationReader(series: series, alerts: alerts, diagnostics: diagnostics)
        .read(reader.require("expect", hint: hint))
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
