import Foundation
import Testing
import Trading

/// Bars as they were recorded, and how a host is to see them.
struct Recording: Sendable, CustomTestStringConvertible {
  let name: String
  /// Of the symbols A and B, at the same moments.
  let bars: [String: [Candle]]
  let timeframe: String
  let higher: String
  let exchange: String?
  /// Bars that are there before the host first looks.
  let history: Int
  /// Milliseconds from the opening of a bar until the venue has it, and from one look of the host to the next.
  let known, look: Int64
  let schedule: String

  var testDescription: String { name }

  /// Two indices over some weeks, a session at a time.
  static func sessions() throws -> Recording {
    let samples = CommandTests.root.appending(path: "Samples")
    func last(_ name: String) throws -> [Candle] { try read(samples.appending(path: name)).suffix(92) }
    return Recording(
      name: "sessions", bars: ["A": try last("IXIC-1d.csv"), "B": try last("GSPC-1d.csv")], timeframe: "1d",
      higher: "1w", exchange: "XNYS", history: 60, known: 22 * 3_600_000, look: 3_600_000,
      schedule: """
          - { job: collect, cron: "30 22 * * *", timezone: UTC }
          - { job: evaluate, after: collect }
          - { job: evaluate, name: again, cron: "45 22 * * *", timezone: UTC }
        """)
  }

  /// A day of minutes: the file's first bars as one symbol, those a day later as the other. `DAY=FILE.csv` names it.
  static func minutes(_ path: String) throws -> Recording {
    let all = try read(URL(filePath: path))
    let count = 300 + 1_440
    guard all.count > count else { throw CocoaError(.fileReadCorruptFile) }
    let start = all[0].time
    let first = all.prefix { $0.time < start.advanced(by: Int64(count) * 60_000) }
    // The other symbol has the prices of later bars at the moments of these.
    let second = zip(first, all.dropFirst(first.count)).map { place, bar in
      Candle(
        time: place.time, open: bar.open, high: bar.high, low: bar.low, close: bar.close, volume: bar.volume)
    }
    // The host first looks where no minute is missing.
    let history = (300..<max(301, first.count - 2)).first { place in
      first[place + 1].time.milliseconds - first[place - 1].time.milliseconds == 120_000
        && first[place].time.milliseconds - first[place - 1].time.milliseconds == 60_000
    }
    return Recording(
      name: "minutes", bars: ["A": Array(first), "B": second], timeframe: "1m", higher: "1h", exchange: nil,
      history: history ?? 300, known: 60_000, look: 60_000,
      schedule: """
          - { job: collect, cron: "* * * * *", timezone: UTC }
          - { job: evaluate, after: collect }
        """)
  }

  private static func read(_ file: URL) throws -> [Candle] {
    try String(contentsOf: file, encoding: .utf8).split(separator: "\n").dropFirst().map { line in
      let cells = line.split(separator: ",")
      let numbers = cells.dropFirst().compactMap { Double($0) }
      guard let time = Instant(String(cells[0])), numbers.count == 5 else { throw CocoaError(.fileReadCorruptFile) }
      return Candle(
        time: time, open: numbers[0], high: numbers[1], low: numbers[2], close: numbers[3], volume: numbers[4])
    }
  }

  static func csv(_ bars: [Candle]) -> String {
    "timestamp,open,high,low,close,volume\n"
      + bars.map { "\($0.time),\($0.open),\($0.high),\($0.low),\($0.close),\($0.volume)\n" }.joined()
  }

  /// What is told of one symbol, by another clock, by another symbol, by what was before, by what is held.
  var strategies: [String: String] {
    let bodies = [
      "cross": "  - { id: cross, module: ma_cross, with: { fast: 2, slow: 5 } }",
      "higher": """
        - id: up
          buy: close > sma(close, 2) @ \(higher)
          sell: close < sma(close, 2) @ \(higher)
          confidence: 62.5
      """,
      "other": """
        - id: both
          buy: close > close[1] and symbol("B").close > symbol("B").close[1]
          sell: close < close[1] and symbol("B").close < symbol("B").close[1]
      """,
      "order": """
        - { id: up, buy: "close > close[1]", sell: "close < close[1]" }
        - { id: out, buy: "close > sma(close, 3)", sell: "close < sma(close, 3)" }
        - { id: both, module: sequence, inputs: [up, out], with: { within: 3 } }
        - { id: rest, module: cooldown, inputs: [both], with: { bars: 2 } }
      """,
      "ride": """
        - id: ride
          long: { enter: "close > sma(close, 3)", exit: "close < sma(close, 5)" }
          short: { enter: "close < sma(close, 3)", exit: "close > sma(close, 5)" }
      """,
      "level": "  - { id: level, buy: \"close > sma(close, 3)\", sell: \"close < sma(close, 3)\" }",
      "since": """
        - id: turn
          buy: since(close > highest(high, 3)[1]) < 2
          sell: value_when(close < close[1], close) > close
          confidence: 55
      """,
    ]
    return bodies.reduce(into: [:]) { files, item in
      files["strategies/\(item.key).yaml"] = """
        name: \(item.key)
        timeframe: \(timeframe)
        symbols: [\(item.key == "other" ? "A" : "A, B")]
        emit: \(item.key == "level" ? "level" : "edge")
        pipeline:
        \(item.value)

        """
    }
  }
}
