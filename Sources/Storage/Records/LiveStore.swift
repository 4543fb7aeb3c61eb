public import Trading

/// How far a market has been evaluated.
public struct LiveMark: Hashable, Sendable {
  /// The symbol, or the symbols of a group.
  public var market: String
  public var timeframe: Timeframe
  /// The last bar that was evaluated, and how many there were with it.
  public var last: Instant
  public var bars: Int
  /// How often bars had been replaced, here and in the series that are read besides.
  public var revision: Int

  public init(market: String, timeframe: Timeframe, last: Instant, bars: Int, revision: Int) {
    self.market = market
    self.timeframe = timeframe
    self.last = last
    self.bars = bars
    self.revision = revision
  }
}

/// From where on a strategy's signals on a market are said, and not only reckoned.
public struct LivePair: Hashable, Sendable {
  public var strategy, version: String
  public var market: String
  public var timeframe: Timeframe
  /// Signals of bars that open after it.
  public var after: Instant

  public init(strategy: String, version: String, market: String, timeframe: Timeframe, after: Instant) {
    self.strategy = strategy
    self.version = version
    self.market = market
    self.timeframe = timeframe
    self.after = after
  }
}

/// A strategy that a host runs, as it was read.
public struct RunningStrategy: Hashable, Sendable {
  public var name, version, text: String
  public var since: Instant
  /// What it acts on, watchlists replaced by their symbols; nil where a version before this one has noted it.
  public var symbols: [String]?

  public init(name: String, version: String, text: String, since: Instant, symbols: [String]? = nil) {
    self.symbols = symbols
    self.name = name
    self.version = version
    self.text = text
    self.since = since
  }
}

/// What one pass over the markets has found: all of it is saved, or nothing.
public struct LiveChanges: Sendable {
  public var signals: [(record: SignalRecord, notices: [Notice])] = []
  public var corrections: [SignalCorrection] = []
  /// Numbers of bars that signals have now, because an earlier bar came late; nothing else of them is changed.
  public var renumbered: [Int64: Int] = [:]
  public var marks: [LiveMark] = []
  /// Pairs that are there already keep what they have.
  public var pairs: [LivePair] = []

  public init() {}
}

/// Keeps what a host that was stopped goes on from.
public protocol LiveStore: Sendable {
  func marks() async throws(StoreError) -> [LiveMark]
  func pairs() async throws(StoreError) -> [LivePair]
  /// The strategies that a host runs, by name.
  func running() async throws(StoreError) -> [RunningStrategy]
  /// Saves what a pass found. Returns the numbers of the signals in their order; nil for one that was there already,
  /// whose notices are then not saved again.
  func save(_ changes: LiveChanges, at moment: Instant) async throws(StoreError) -> [Int64?]
  /// Says which strategies are run from now on; others are no longer. One that goes on keeps since when it runs.
  func run(_ strategies: [RunningStrategy]) async throws(StoreError)
}
