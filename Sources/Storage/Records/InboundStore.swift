public import Trading

/// A message of a source of signals from outside: what tells it from others.
public struct InboundMark: Hashable, Sendable {
  public var source: String
  /// What is the same each time that the message is sent: the sender's id, else the digest.
  public var key: String
  /// SHA-256 of what the message says, in hexadecimal digits.
  public var digest: String
  /// For how long the key stands for the same message, in milliseconds; nil is for ever.
  public var holds: Int64?

  public init(source: String, key: String, digest: String, holds: Int64? = nil) {
    self.source = source
    self.key = key
    self.digest = digest
    self.holds = holds
  }
}

/// A signal from outside that is to be kept, with the notices that are to go out about it.
public struct InboundArrival: Sendable {
  public var mark: InboundMark
  public var record: SignalRecord
  public var notices: [Notice]

  public init(mark: InboundMark, record: SignalRecord, notices: [Notice] = []) {
    self.mark = mark
    self.record = record
    self.notices = notices
  }
}

/// What became of a message.
public enum InboundReceipt: Hashable, Sendable {
  /// The number of the signal that it brought.
  case saved(Int64)
  /// It came before, and this is the signal that it brought then.
  case repeated(Int64)
  /// Another message came before under the same key, and brought this signal.
  case contradicted(Int64)
}

/// Keeps signals from outside, each message once.
public protocol InboundStore: Sendable {
  /// What became of messages that came before, by their place; nil of those that are new.
  func receipts(of marks: [InboundMark], at moment: Instant) async throws(StoreError) -> [InboundReceipt?]
  /// Saves the signals of messages that are new, with their notices and their keys: all of them or none. A signal at a
  /// moment that another of the same words has already goes to the next free millisecond.
  func receive(_ arrivals: [InboundArrival], at moment: Instant) async throws(StoreError) -> [InboundReceipt]
}
