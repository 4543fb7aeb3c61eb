import Trading

/// Reads the `tests:` of a strategy.
struct TestReader {
  let timeframe: Timeframe
  /// Values read so far, of sound and faulty tests.
  private var valuesRead = 0
  /// The tests are kept in memory.
  private static let valueLimit = 1_000_000

  init(timeframe: Timeframe) { self.timeframe = timeframe }

  mutating func read(_ value: YAMLValue?, _ diagnostics: Diagnostics) -> [StrategyTest] {
    guard let value, let items = diagnostics.list(value, "tests") else { return [] }
    var tests: [StrategyTest] = []
    for item in items {
      if let test = test(item, diagnostics) { tests.append(test) }
      guard valuesRead <= TestReader.valueLimit else {
        diagnostics.report(
          .tooLarge, at: item, "up to here the tests hold more than \(TestReader.valueLimit) values",
          hint: "a test needs few bars more than the longest average")
        break
      }
    }
    return tests
  }

  private mutating func test(_ value: YAMLValue, _ diagnostics: Diagnostics) -> StrategyTest? {
    guard var reader = MappingReader(value, "a test", diagnostics) else { return nil }
    let name = diagnostics.text(reader.require("name"), "name")
    let closes = series(reader.require("closes", hint: "closes: '100x30 103'"), "closes", nil, diagnostics)
    var columns: [String: [Double]] = [:]
    for key in ["opens", "highs", "lows", "volumes"] {
      columns[key] = series(reader.take(key), key, closes?.count, diagnostics)
    }
    let expected = expectations(
      reader.require("expect", hint: "expect: [{ bar: 30, direction: buy }], or expect: []"), closes?.count, diagnostics
    )
    let atLeast = diagnostics.flag(reader.take("at_least"), "at_least") ?? false
    reader.finish()
    guard let name, let closes, let expected else { return nil }
    let candles = StrategyTest.candles(
      closes: closes, opens: columns["opens"], highs: columns["highs"], lows: columns["lows"],
      volumes: columns["volumes"], timeframe: timeframe)
    return StrategyTest(name: name, candles: candles, expected: expected, atLeast: atLeast, line: value.line)
  }

  private mutating func series(_ value: YAMLValue?, _ what: String, _ count: Int?, _ diagnostics: Diagnostics)
    -> [Double]?
  {
    guard let value, let text = diagnostics.text(value, what) else { return nil }
    do throws(SeriesNotation.Fault) {
      let values = try SeriesNotation.values(of: text)
      valuesRead += values.count
      if let count, values.count != count {
        diagnostics.report(.badNotation, at: value, "\(what) has \(values.count) bars, closes has \(count)")
        return nil
      }
      return values
    } catch {
      diagnostics.report(.badNotation, at: value, part: error.range, "\(what): \(error.message)")
      return nil
    }
  }

  private func expectations(
    _ value: YAMLValue?, _ bars: Int?, _ diagnostics: Diagnostics
  ) -> [StrategyTest.Expectation]? {
    guard let value, let items = diagnostics.list(value, "expect") else { return nil }
    var expected: [StrategyTest.Expectation] = []
    for item in items {
      guard var reader = MappingReader(item, "an expected signal", diagnostics) else { continue }
      let bar = diagnostics.whole(reader.require("bar"), "bar", 0...max(0, (bars ?? SeriesNotation.limit) - 1))
      let words = Direction.allCases.map(\.rawValue)
      let direction = diagnostics.word(reader.require("direction"), "direction", of: words)
      reader.finish()
      if let bar, let direction, let known = Direction(rawValue: direction) {
        expected.append(.init(bar: bar, direction: known))
      }
    }
    return expected
  }
}
