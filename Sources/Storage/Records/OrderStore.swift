public import Trading

/// An order intent, as it is kept beside its notice.
public struct OrderRecord: Hashable, Sendable {
  public enum Action: String, Sendable, CaseIterable { case open, close }

  /// The same each time that it is made of the same signal.
  public var id: String
  public var channel: String
  public var strategy, symbol: String
  public var timeframe: Timeframe
  public var action: Action
  /// Whether the position is long, of an entry and of what closes it alike.
  public var isLong: Bool
  public var quantity: Double
  /// Whether it was made to be seen and not to be sent.
  public var isDry: Bool

  public init(
    id: String, channel: String, strategy: String, symbol: String, timeframe: Timeframe, action: Action, isLong: Bool,
    quantity: Double, isDry: Bool
  ) {
    self.id = id
    self.channel = channel
    self.strategy = strategy
    self.symbol = symbol
    self.timeframe = timeframe
    self.action = action
    self.isLong = isLong
    self.quantity = quantity
    self.isDry = isDry
  }
}

/// An order intent, and how far it has come.
public struct StoredOrder: Hashable, Sendable {
  public var record: OrderRecord
  public var at: Instant
  /// That of its notice; nil where the outbox has none any more.
  public var state: OutboxEntry.State?

  public init(record: OrderRecord, at: Instant, state: OutboxEntry.State?) {
    self.record = record
    self.at = at
    self.state = state
  }

  /// Whether the receiver has it, or may have it; a dry one is taken for one that it has.
  public var counts: Bool {
    record.isDry || ![OutboxEntry.State.dropped, .dead].contains(state)
  }
}

/// Keeps order intents, so that an exit closes what its entry opened.
public protocol OrderStore: Sendable {
  /// The latest intents of a strategy on a symbol by one channel, the latest first.
  func orders(
    channel: String, strategy: String, symbol: String, timeframe: Timeframe, limit: Int
  ) async throws(StoreError) -> [StoredOrder]
  /// Takes out what waits for a channel and holds no longer; what was taken out.
  func expire(channel: String, at moment: Instant) async throws(StoreError) -> [OutboxEntry]
}
