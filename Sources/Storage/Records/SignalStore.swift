public import Trading

/// A signal of a strategy at one version, as it was said.
public struct SignalRecord: Hashable, Sendable {
  /// The strategy's name, and what tells one text of it from another.
  public var strategy, version: String
  public var symbol: String
  public var timeframe: Timeframe
  public var signal: Signal
  /// The source that brought it from outside; nil of what the host's own strategies say. The `time` of such a signal is
  /// the moment at which it came in and no bar's label, and its `bar` is -1.
  public var source: String?

  public init(
    strategy: String, version: String, symbol: String, timeframe: Timeframe, signal: Signal, source: String? = nil
  ) {
    self.strategy = strategy
    self.version = version
    self.symbol = symbol
    self.timeframe = timeframe
    self.signal = signal
    self.source = source
  }

  /// When it was known: the close of its bar as far as no calendar says otherwise, of a signal from outside its `time`.
  public var knownAt: Instant { source == nil ? timeframe.knownAt(open: signal.time) : signal.time }

  /// The rule of a price alert, the last part of its strategy's name; nil where it is none.
  public var alert: String? {
    signal.base == nil ? nil : strategy.lastIndex(of: ".").map { String(strategy[strategy.index(after: $0)...]) }
  }
}

/// A signal as it stands now.
public struct StoredSignal: Hashable, Sendable {
  public var id: Int64
  public var record: SignalRecord
  /// When a correction of prices took it back; nil where it stands.
  public var retractedAt: Instant?

  public init(id: Int64, record: SignalRecord, retractedAt: Instant? = nil) {
    self.id = id
    self.record = record
    self.retractedAt = retractedAt
  }
}

/// Which signals are wanted, the latest first; what is nil is of no account.
public struct SignalQuery: Hashable, Sendable {
  public var strategy, symbol: String?
  public var timeframe: Timeframe?
  public var direction: Direction?
  /// The labels of their bars, both inclusive.
  public var from, to: Instant?
  /// Only those behind this one: its bar, and its number.
  public var behind: (time: Instant, id: Int64)? {
    get { behindTime.flatMap { time in behindID.map { (time, $0) } } }
    set { (behindTime, behindID) = (newValue?.time, newValue?.id) }
  }
  public var limit: Int
  var behindTime: Instant?
  var behindID: Int64?

  public init(strategy: String? = nil, symbol: String? = nil, limit: Int) {
    self.strategy = strategy
    self.symbol = symbol
    self.limit = limit
  }
}

/// A signal as it was before a correction of prices.
public struct SignalEdition: Hashable, Sendable {
  public var signal: Signal
  /// When it had been taken back; nil where it stood.
  public var retractedAt: Instant?
  public var replacedAt: Instant
  /// Why.
  public var cause: String
}

/// What a correction of prices makes of a stored signal.
public struct SignalCorrection: Hashable, Sendable {
  public var id: Int64
  /// What is said instead; nil takes the signal back.
  public var signal: Signal?
  public var cause: String
  /// What goes out about it, not bound to the signal: it has had its notices.
  public var notices: [Notice]

  public init(id: Int64, signal: Signal?, cause: String, notices: [Notice] = []) {
    self.id = id
    self.signal = signal
    self.cause = cause
    self.notices = notices
  }
}

/// Keeps signals: one of a direction for each strategy, version, symbol, timeframe and bar.
public protocol SignalStore: Sendable {
  /// Saves a signal together with the notices that are to go out about it: both or none. Nil where the signal is there
  /// already; its notices are then not saved again.
  func save(
    _ record: SignalRecord, notices: [Notice], at moment: Instant
  ) async throws(StoreError) -> Int64?
  func signal(_ id: Int64) async throws(StoreError) -> SignalRecord?
  /// The latest signals first, at most `limit`; of every strategy or symbol where none is named. Those that were taken
  /// back are among them.
  func signals(
    strategy: String?, symbol: String?, limit: Int
  ) async throws(StoreError) -> [StoredSignal]
  /// The latest signals first, by bar and number. Those that were taken back are among them.
  func signals(_ query: SignalQuery) async throws(StoreError) -> [StoredSignal]
  /// All signals of a symbol at a timeframe whose bars open from a moment on, by bar.
  func signals(
    symbol: String, timeframe: Timeframe, from: Instant
  ) async throws(StoreError) -> [StoredSignal]
  /// Takes a signal back or changes it. What it was stays as an edition. False where there is no such signal.
  func correct(_ correction: SignalCorrection, at moment: Instant) async throws(StoreError) -> Bool
  /// What a signal was before, the oldest first; none where it is as it was said.
  func editions(of id: Int64) async throws(StoreError) -> [SignalEdition]
}
