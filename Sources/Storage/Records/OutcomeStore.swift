public import Trading

/// What became of a signal at one horizon.
public struct OutcomeRecord: Hashable, Sendable {
  public var signal: Int64
  /// As it is written: `5b`, `1d`.
  public var horizon: String
  /// The label of the bar at whose close the horizon ended, and that close; nil while it is open.
  public var time: Instant?
  public var price: Double?
  /// The return with the sign turned for sell, as a fraction; nil while it is open.
  public var result: Double?

  public init(signal: Int64, horizon: String, time: Instant? = nil, price: Double? = nil, result: Double? = nil) {
    self.signal = signal
    self.horizon = horizon
    self.time = time
    self.price = price
    self.result = result
  }
}

/// How the signals of a symbol at a timeframe stand: what changes whenever one of them is new or corrected.
public struct SignalStanding: Hashable, Sendable {
  public var symbol: String
  public var timeframe: Timeframe
  public var count: Int
  /// The number of the latest one.
  public var latest: Int64
  /// How often any of them was corrected.
  public var editions: Int
  /// The label of the first one's bar.
  public var first: Instant
}

/// How far the outcomes of a symbol at a timeframe have been judged.
public struct OutcomeMark: Hashable, Sendable {
  public var symbol: String
  public var timeframe: Timeframe
  /// What was judged by: who judged can tell from it whether anything has changed since.
  public var state: String

  public init(symbol: String, timeframe: Timeframe, state: String) {
    self.symbol = symbol
    self.timeframe = timeframe
    self.state = state
  }
}

/// How often the calls of one strategy and direction on a symbol came true.
public struct OutcomeTally: Hashable, Sendable {
  public var strategy, version: String
  public var direction: Direction
  public var horizon: String
  /// Calls whose horizon has ended, and those of them with a return above 0.
  public var count, successes: Int
  /// The success of the same call on every bar; nil where no bar has one.
  public var base: Double?

  public init(
    strategy: String, version: String, direction: Direction, horizon: String, count: Int, successes: Int,
    base: Double? = nil
  ) {
    self.strategy = strategy
    self.version = version
    self.direction = direction
    self.horizon = horizon
    self.count = count
    self.successes = successes
    self.base = base
  }
}

/// What judging the signals of a symbol at a timeframe changes. An outcome is replaced, not kept as an edition: it is
/// what the signal and the bars say, and both of those keep what they were.
public struct OutcomeChanges: Sendable {
  public var saved: [OutcomeRecord] = []
  /// Signals of which no outcome at a horizon stands any more.
  public var removed: [(signal: Int64, horizon: String)] = []
  /// All there are of the symbol at the timeframe; earlier ones go.
  public var tallies: [OutcomeTally] = []
  public var mark: OutcomeMark

  public init(mark: OutcomeMark) { self.mark = mark }
}

/// A strategy that does not do any more what its history gave.
public struct DriftRecord: Hashable, Sendable {
  public var strategy, version: String
  public var timeframe: Timeframe
  public var horizon: String
  /// When it was found.
  public var raisedAt: Instant
  /// Since which bar its calls have come true less often.
  public var since: Instant
  /// The rate since then, of so many; what its history gave, and the least of what that admits: fractions.
  public var rate: Double
  public var count: Int
  public var history, floor: Double

  public init(
    strategy: String, version: String, timeframe: Timeframe, horizon: String, raisedAt: Instant, since: Instant,
    rate: Double, count: Int, history: Double, floor: Double
  ) {
    self.strategy = strategy
    self.version = version
    self.timeframe = timeframe
    self.horizon = horizon
    self.raisedAt = raisedAt
    self.since = since
    self.rate = rate
    self.count = count
    self.history = history
    self.floor = floor
  }
}

/// What a strategy's history gave before its first stored signal, to which its stored ones are held.
public struct DriftReference: Hashable, Sendable {
  public var strategy, version: String
  public var timeframe: Timeframe
  public var horizon: String
  /// Outcomes, and the share of them that came true; nil without any.
  public var count: Int
  public var rate: Double?

  public init(
    strategy: String, version: String, timeframe: Timeframe, horizon: String, count: Int, rate: Double?
  ) {
    self.strategy = strategy
    self.version = version
    self.timeframe = timeframe
    self.horizon = horizon
    self.count = count
    self.rate = rate
  }
}

/// An outcome that has ended, without its signal.
public struct EndedOutcome: Hashable, Sendable {
  /// The label of the signal's bar, and of the one at whose close the horizon ended.
  public var time, end: Instant
  /// The return with the sign turned for sell.
  public var result: Double

  public init(time: Instant, end: Instant, result: Double) {
    self.time = time
    self.end = end
    self.result = result
  }
}

/// Keeps outcomes, one for each signal and horizon.
public protocol OutcomeStore: Sendable {
  /// Saves an outcome; one that is there is replaced.
  func save(_ outcome: OutcomeRecord) async throws(StoreError)
  /// Saves what judging one symbol has changed: all of it or nothing.
  func save(_ changes: OutcomeChanges) async throws(StoreError)
  func outcomes(of signal: Int64) async throws(StoreError) -> [OutcomeRecord]
  /// Those of all signals of a symbol at a timeframe.
  func outcomes(symbol: String, timeframe: Timeframe) async throws(StoreError) -> [OutcomeRecord]
  /// Those whose horizon has not ended yet.
  func openOutcomes() async throws(StoreError) -> [OutcomeRecord]
  /// How the signals stand, by symbol and timeframe.
  func signalStandings() async throws(StoreError) -> [SignalStanding]
  func outcomeMarks() async throws(StoreError) -> [OutcomeMark]
  /// Those of one strategy's text at a horizon, a row a symbol and direction.
  func tallies(
    strategy: String, version: String, timeframe: Timeframe, horizon: String
  ) async throws(StoreError) -> [OutcomeTally]
  /// Those of the standing signals of one strategy's text, by the time of their bars.
  func endedOutcomes(
    strategy: String, version: String, timeframe: Timeframe, horizon: String
  ) async throws(StoreError) -> [EndedOutcome]
  /// Saves a reference; one that is there stays.
  func save(_ reference: DriftReference) async throws(StoreError)
  func driftReferences() async throws(StoreError) -> [DriftReference]
  /// Notes a drift, with what is told of it: both or none. False where it is noted already.
  func save(_ drift: DriftRecord, notices: [Notice], at moment: Instant) async throws(StoreError) -> Bool
  /// The latest first.
  func drifts() async throws(StoreError) -> [DriftRecord]
}
