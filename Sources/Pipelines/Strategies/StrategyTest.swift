public import Trading

/// A test in a strategy's own file: a series and the signals that stand on it.
public struct StrategyTest: Sendable {
  public struct Expectation: Hashable, Sendable {
    public var bar: Int
    public var direction: Direction
  }

  public var name: String
  public var candles: CandleSeries
  public var expected: [Expectation]
  /// Other signals than the expected ones are admitted.
  public var atLeast: Bool
  /// Where the test stands in its file.
  public var line: Int

  /// What became of one test: empty faults where it holds.
  public struct Outcome: Sendable {
    public var name: String
    public var line: Int
    public var faults: [String]
  }

  /// Candles from series: open is the close before, high and low the greater and lesser of open and close, volume 1000,
  /// each unless given. A missing close is a missing bar.
  public static func candles(
    closes: [Double], opens: [Double]? = nil, highs: [Double]? = nil, lows: [Double]? = nil,
    volumes: [Double]? = nil, timeframe: Timeframe = .day
  ) -> CandleSeries {
    // 2024-01-01T00:00:00Z, a Monday.
    var time = Instant(seconds: 1_704_067_200)
    var last = closes.first { !$0.isNaN } ?? .nan
    var candles: [Candle] = []
    for (bar, close) in closes.enumerated() {
      let open = opens?[bar] ?? last
      candles.append(
        close.isNaN
          ? Candle(time: time, open: .nan, high: .nan, low: .nan, close: .nan, volume: .nan)
          : Candle(
            time: time, open: open, high: highs?[bar] ?? max(open, close), low: lows?[bar] ?? min(open, close),
            close: close, volume: volumes?[bar] ?? 1_000))
      if !close.isNaN { last = close }
      time = timeframe.knownAt(open: time)
    }
    return CandleSeries(instrument: Instrument(symbol: "TEST"), timeframe: timeframe, candles: candles)
  }
}

extension Strategy {
  /// Runs the tests of the file.
  public func runTests() throws(GraphError) -> [StrategyTest.Outcome] {
    var outcomes: [StrategyTest.Outcome] = []
    for test in tests {
      let signals = try run([self], over: test.candles)[0].signals
      outcomes.append(.init(name: test.name, line: test.line, faults: test.faults(in: signals)))
    }
    return outcomes
  }
}

extension StrategyTest {
  func faults(in signals: [Signal]) -> [String] {
    let found = signals.map { Expectation(bar: $0.bar, direction: $0.direction) }
    var faults: [String] = []
    for wanted in expected where !found.contains(wanted) {
      faults.append("expected \(wanted.direction.rawValue) at bar \(wanted.bar), which did not come")
    }
    if !atLeast {
      for signal in signals where !expected.contains(Expectation(bar: signal.bar, direction: signal.direction)) {
        faults.append("unexpected \(signal.direction.rawValue) at bar \(signal.bar): \(signal.reason)")
      }
    }
    return faults
  }
}
