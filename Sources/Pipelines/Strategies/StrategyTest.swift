public import MarketData
public import PluginKit
public import Trading

/// A test in a strategy's own file: a series and the signals that stand on it.
public struct StrategyTest: Sendable {
  public struct Expectation: Hashable, Sendable {
    public var bar: Int
    public var direction: Direction
    /// Nil where whatever confidence will do, and so on.
    public var confidence: ClosedRange<Double>?
    /// A text that the reason contains.
    public var reason: String?
    public var price: Double?
    /// Which rule of a price alert; nil in a strategy.
    public var rule: AlertRule?
  }

  public var name: String
  public var candles: CandleSeries
  /// The other series that the strategy reads, by symbol or `@role`.
  public var others: [String: CandleSeries] = [:]
  /// News and filings.
  public var facts = Facts.none
  /// The bars whose signals are compared.
  public var counted: Range<Int>
  public var expected: [Expectation]
  /// Other signals than the expected ones are admitted.
  public var atLeast: Bool
  /// Where the test stands in its file.
  public var line: Int

  /// All that the strategy reads in this test.
  public var market: Market { Market(candles, others: others, facts: facts) }

  /// What became of one test: empty faults where it holds.
  public struct Outcome: Sendable {
    public var name: String
    public var line: Int
    public var faults: [String]
    /// The bars around the faults, with what the rule saw on them.
    public var traces: [TestTrace] = []
  }

  /// Where series without times begin: 2024-01-01T00:00:00Z, a Monday.
  static let firstTime = Instant(seconds: 1_704_067_200)

  /// Candles from series: open is the close before, high and low the greater and lesser of open and close, volume 1000,
  /// each unless given. A missing close is a missing bar.
  public static func candles(
    closes: [Double], opens: [Double]? = nil, highs: [Double]? = nil, lows: [Double]? = nil,
    volumes: [Double]? = nil, timeframe: Timeframe = .day
  ) -> CandleSeries {
    var time = firstTime
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
  /// Runs the tests of the file. With a registry, failing ones show what the rule saw around their faults.
  public func runTests(registry: Registry? = nil) throws(GraphError) -> [StrategyTest.Outcome] {
    var outcomes: [StrategyTest.Outcome] = []
    for test in tests {
      let signals = try run([self], over: test.market)[0].signals.filter { test.counted.contains($0.bar) }
      let faults = test.faults(in: signals)
      var outcome = StrategyTest.Outcome(name: test.name, line: test.line, faults: faults.map(\.message))
      if let registry, !faults.isEmpty {
        outcome.traces = try TestTrace.around(faults.map(\.bar), of: test, signals, self, registry)
      }
      outcomes.append(outcome)
    }
    return outcomes
  }
}
