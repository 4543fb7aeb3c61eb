public import Trading

/// A message that is to go out by a channel, or one that was held back and says why.
public struct Notice: Hashable, Sendable {
  /// What happens where nobody knows whether a message has arrived.
  public enum Policy: String, Sendable, CaseIterable {
    /// It is sent again, with the same id.
    case atLeastOnce = "at_least_once"
    /// It stays `unknown` and is not sent again.
    case atMostOnce = "at_most_once"
  }

  /// What it tells of. Of one key, a channel is told once.
  public var key: String
  /// The short id that stands in the message, the same each time that it is sent.
  public var code: String
  /// The channel's name in the configuration.
  public var channel: String
  public var priority: String
  public var title: String
  /// The whole message, as the form-free text that the sender marks up for the channel.
  public var body: String
  /// The message as one line of a digest.
  public var line: String
  /// What it is about, for channels that programs read.
  public var fields: [String: String]
  public var strategy, symbol: String?
  public var direction: Direction?
  /// Notices to a channel of the same batch go as one message; nil where it goes alone.
  public var batch: String?
  /// An earlier signal, whose message this one replies to.
  public var answers: Int64?
  /// Where it goes instead of the channel's own place, and which message there it replies to: the answer to a command.
  public var recipient, replyTo: String?
  public var policy: Policy
  /// Not to be sent before this; nil means at once.
  public var dueAt: Instant?
  /// From when on it is not sent any more; nil is never.
  public var expiresAt: Instant?
  /// The order intent that it hands off, kept with it.
  public var order: OrderRecord?
  /// Why it is not sent. It is kept all the same, so that the next message can say what was held back.
  public var heldBack: String?
  /// A picture as PNG that the body is said of. The store gives it out to the sender alone, and keeps it until the
  /// channel has taken it.
  public var picture: [UInt8]?

  public init(
    key: String, code: String, channel: String, priority: String, title: String = "", body: String, line: String = "",
    fields: [String: String] = [:], strategy: String? = nil, symbol: String? = nil, direction: Direction? = nil,
    batch: String? = nil, answers: Int64? = nil, recipient: String? = nil, replyTo: String? = nil,
    policy: Policy = .atLeastOnce, dueAt: Instant? = nil, heldBack: String? = nil, picture: [UInt8]? = nil
  ) {
    self.key = key
    self.code = code
    self.channel = channel
    self.priority = priority
    self.title = title
    self.body = body
    self.line = line
    self.fields = fields
    self.strategy = strategy
    self.symbol = symbol
    self.direction = direction
    self.batch = batch
    self.answers = answers
    self.recipient = recipient
    self.replyTo = replyTo
    self.policy = policy
    self.dueAt = dueAt
    self.heldBack = heldBack
    self.picture = picture
  }
}

/// A notice in the outbox, and how far it has come.
public struct OutboxEntry: Hashable, Sendable {
  public enum State: String, Sendable, CaseIterable {
    /// To be sent when it is due.
    case pending
    /// Taken by the sender, which was noted before the first byte went out.
    case sending
    /// The channel has taken it.
    case sent
    /// It may have arrived, and is not sent again.
    case unknown
    /// Its channel is refused; it waits for somebody to mend that.
    case parked
    /// The channel does not take it, or it was tried too often.
    case dead
    /// Held back, or taken out by hand.
    case dropped

    /// Whether nothing more becomes of it by itself.
    public var isFinal: Bool { self != .pending && self != .sending && self != .parked }
  }

  public var id: Int64
  public var notice: Notice
  /// The signal that it tells of.
  public var signal: Int64?
  public var state: State
  /// How often it was taken to be sent.
  public var attempts: Int
  /// How many of these may have arrived although nobody said so.
  public var doubts: Int
  /// Why the last attempt failed, or why it was held back.
  public var failure: String?
  /// What the channel called the sent message.
  public var reference: String?
  public var createdAt: Instant
  /// Not to be tried before this.
  public var dueAt: Instant
  public var claimedAt: Instant?
  public var finishedAt: Instant?

  public init(
    id: Int64, notice: Notice, signal: Int64? = nil, state: State, attempts: Int = 0, doubts: Int = 0,
    failure: String? = nil, reference: String? = nil, createdAt: Instant, dueAt: Instant, claimedAt: Instant? = nil,
    finishedAt: Instant? = nil
  ) {
    self.id = id
    self.notice = notice
    self.signal = signal
    self.state = state
    self.attempts = attempts
    self.doubts = doubts
    self.failure = failure
    self.reference = reference
    self.createdAt = createdAt
    self.dueAt = dueAt
    self.claimedAt = claimedAt
    self.finishedAt = finishedAt
  }
}
