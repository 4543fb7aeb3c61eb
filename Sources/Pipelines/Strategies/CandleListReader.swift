import PluginKit
import Trading

/// Reads `candles:` of a test: a list of `[open, high, low, close, volume]`, or of mappings with those keys and perhaps
/// a `time`. A volume that is not given is 1000; `_` in place of a candle is a missing bar.
struct CandleListReader {
  let timeframe: Timeframe
  let diagnostics: Diagnostics
  private(set) var valuesRead = 0

  private static let names = ["open", "high", "low", "close", "volume"]
  private static let form = "write [open, high, low, close, volume], or { open: 100, high: 102, low: 99, close: 101 }"

  init(timeframe: Timeframe, diagnostics: Diagnostics) {
    self.timeframe = timeframe
    self.diagnostics = diagnostics
  }

  mutating func read(_ value: YAMLValue) -> CandleSeries? {
    guard let items = diagnostics.list(value, "candles") else { return nil }
    guard !items.isEmpty else {
      diagnostics.report(.badNotation, at: value, "candles is empty", hint: CandleListReader.form)
      return nil
    }
    let before = diagnostics.errors
    var candles: [Candle] = []
    // A Monday, as in the series notation.
    var next = StrategyTest.firstTime
    for item in items {
      valuesRead += CandleListReader.names.count
      guard var candle = candle(item) else { continue }
      if let time = candle.given, let last = candles.last?.time, time <= last {
        diagnostics.report(.badTime, at: item, "times ascend: \(time) does not lie after \(last)")
        continue
      }
      candle.candle.time = candle.given ?? next
      next = timeframe.knownAt(open: candle.candle.time)
      candles.append(candle.candle)
    }
    guard diagnostics.errors == before else { return nil }
    return CandleSeries(instrument: Instrument(symbol: "TEST"), timeframe: timeframe, candles: candles)
  }

  private func candle(_ item: YAMLValue) -> (candle: Candle, given: Instant?)? {
    if item.text == "_" { return (made(Array(repeating: .nan, count: 5)), nil) }
    if let values = item.items {
      guard (4...5).contains(values.count) else {
        diagnostics.report(
          .badNotation, at: item, "a candle has 5 numbers (4 without a volume); found \(values.count)",
          hint: CandleListReader.form)
        return nil
      }
      let named = zip(CandleListReader.names, values).map { (name: $0, value: $1) }
      return checked(named, at: item).map { (made($0), nil) }
    }
    guard item.entries != nil else {
      diagnostics.report(.wrongType, at: item, "a candle is a list; found \(item.found)", hint: CandleListReader.form)
      return nil
    }
    guard var reader = MappingReader(item, "a candle", diagnostics) else { return nil }
    var named: [(name: String, value: YAMLValue)] = []
    for name in CandleListReader.names {
      let value = name == "volume" ? reader.take(name) : reader.require(name)
      if let value { named.append((name, value)) }
    }
    let written = reader.take("time")
    reader.finish()
    var time: Instant?
    if let written, let text = diagnostics.text(written, "time") {
      time = Instant(text)
      if time == nil {
        diagnostics.report(.badTime, at: written, "time \"\(text)\" is no time", hint: "write 2024-01-31T15:30:00Z")
      }
    }
    guard named.count >= 4 else { return nil }
    return checked(named, at: item).map { (made($0), time) }
  }

  /// The five values, where they can be those of a candle.
  private func checked(_ named: [(name: String, value: YAMLValue)], at item: YAMLValue) -> [Double]? {
    var values: [Double] = []
    for (name, value) in named {
      guard let number = diagnostics.number(value, name) else { return nil }
      values.append(number)
    }
    if values.count == 4 { values.append(1_000) }
    let (open, high, low, close) = (values[0], values[1], values[2], values[3])
    guard high >= max(open, close), low <= min(open, close) else {
      diagnostics.report(
        .outOfRange, at: item,
        "the high \(Figure(high)) and the low \(Figure(low)) do not enclose open \(Figure(open)) and close \(Figure(close))"
      )
      return nil
    }
    return values
  }

  private func made(_ values: [Double]) -> Candle {
    Candle(
      time: StrategyTest.firstTime, open: values[0], high: values[1], low: values[2], close: values[3],
      volume: values[4])
  }
}
