public import Trading

/// A signal of a strategy at one version, as it was said.
public struct SignalRecord: Hashable, Sendable {
  /// The strategy's name, and what tells one text of it from another.
  public var strategy, version: String
  public var symbol: String
  public var timeframe: Timeframe
  public var signal: Signal

  public init(strategy: String, version: String, symbol: String, timeframe: Timeframe, signal: Signal) {
    self.strategy = strategy
    self.version = version
    self.symbol = symbol
    self.timeframe = timeframe
    self.signal = signal
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
  /// The latest signals first, at most `limit`; of every strategy or symbol where none is named.
  func signals(
    strategy: String?, symbol: String?, limit: Int
  ) async throws(StoreError) -> [(id: Int64, record: SignalRecord)]
}
