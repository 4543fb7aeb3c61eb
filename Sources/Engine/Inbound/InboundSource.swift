public import MarketData
public import Pipelines
public import Trading

/// A source of signals from outside (`type: inbound`): who is believed, and how what it sends is read.
public struct InboundSource: Sendable, Hashable {
  /// How a message shows that it comes from who has the secret.
  public enum Proof: Sendable, Hashable {
    /// `Finstage-Signature: t=<seconds>,v1=<hex>`, the HMAC-SHA256 of `<seconds>.<body>`, as the channel `webhook`
    /// sends it.
    case signature(secret: String)
    /// A token in the header `Authorization: Bearer`.
    case header(token: String)
    /// A token as the last part of the path, for senders that can set no header.
    case path(token: String)
    /// A token in the message itself, for the same.
    case body(token: String, JSONPath)

    public var secret: String {
      switch self {
      case .signature(let secret): secret
      case .header(let token), .path(let token), .body(let token, _): token
      }
    }
  }

  /// What a message says, each read at a path of its own.
  public enum Field: String, Sendable, CaseIterable {
    case symbol, direction, price, strategy, interval, id, time, confidence, reason
  }

  public var name: String
  public var proof: Proof
  /// How far the moment that a message names may be from now, in milliseconds.
  public var tolerance: Int64 = 300_000
  public var paths: [Field: JSONPath] = [:]
  /// What holds where a message says nothing at the path.
  public var defaults: [Field: String] = [:]
  /// The sender's words by ours, in small letters.
  public var directions: [String: Direction] = [:]
  public var intervals: [String: Timeframe] = [:]
  /// The sender's symbols, and ours.
  public var symbols: [String: String] = [:]
  /// Signs that are taken out of symbols that `symbols` does not name.
  public var strip = ""
  /// The bars over which its signals are judged, where a message names none.
  public var timeframe: Timeframe?
  /// Messages a second, and so many at once.
  public var rate = 200.0
  public var burst = 1_000.0
  public var notify = Notify()

  public init(name: String, proof: Proof) {
    self.name = name
    self.proof = proof
  }

  /// Under which name what it says is kept: no strategy of the host's own can have it.
  public func strategy(_ name: String) -> String { "\(self.name):\(name)" }
}

/// Why a message from outside is not taken.
public enum InboundFault: Error, Sendable, Hashable {
  /// Something that is wrong with what it says: where, and a sentence.
  public struct Item: Sendable, Hashable {
    public let field: String
    public let sentence: String

    public init(_ field: String, _ sentence: String) {
      self.field = field
      self.sentence = sentence
    }
  }

  /// Nothing shows that it comes from who has the secret. Who guesses is not told more.
  case notBelieved
  /// It was made too long ago, or is said to be made later than now.
  case outOfTime(String)
  /// It is no JSON.
  case unreadable(String)
  case misfit([Item])
  /// Another message came before under the same id, and brought that signal.
  case contradicts(Int64)
  /// The secret of the source is not there.
  case withoutSecret(String)
  /// More wait than are taken; a later try may find room.
  case full
}
