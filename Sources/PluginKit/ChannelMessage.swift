/// What is told by a channel.
public struct ChannelMessage: Hashable, Sendable {
  public enum Priority: String, Sendable, Hashable, CaseIterable { case high, medium, low }

  /// A button.
  public struct Action: Hashable, Sendable {
    /// What comes back when it is pressed: ASCII, 64 bytes at most.
    public var data: String
    public var label: String

    public init(_ data: String, label: String) {
      self.data = data
      self.label = label
    }
  }

  /// Short, and the same each time that the message is sent: it stands in the text, so that a repeat is known as one.
  public var id: String
  /// One plain line, for channels that have a place for it (the subject of a mail); the text is complete without it.
  public var title: String
  /// Marked up and escaped in the channel's form.
  public var text: String
  public var priority: Priority
  /// What the channel called an earlier message that this one answers.
  public var replyTo: String?
  /// Where it goes instead of the channel's own place, as the channel names places.
  public var recipient: String?
  /// What somebody may do about it by a button, on channels that hear of it.
  public var actions: [Action]
  /// What it is about, in plain texts by name, for channels that programs read: symbol, strategy, direction.
  public var fields: [String: String]
  /// A picture as PNG that the text is said of; only a channel that takes pictures gets one.
  public var picture: [UInt8]?

  public init(
    id: String, title: String, text: String, priority: Priority = .medium, replyTo: String? = nil,
    recipient: String? = nil, actions: [Action] = [], fields: [String: String] = [:], picture: [UInt8]? = nil
  ) {
    self.id = id
    self.title = title
    self.text = text
    self.priority = priority
    self.replyTo = replyTo
    self.recipient = recipient
    self.actions = actions
    self.fields = fields
    self.picture = picture
  }
}

/// What became of a message. Sentences show no secret; lengths of time are seconds.
public enum Delivery: Hashable, Sendable {
  /// The channel has taken it. The reference is what a later message may answer, where the channel has such a thing.
  case sent(reference: String? = nil)
  /// It has certainly not arrived, and a later try may work.
  case notSent(String, retryAfter: Double? = nil)
  /// The channel does not take this message, and will not later.
  case refused(String)
  /// It may have arrived, or a part of it.
  case unknown(String, retryAfter: Double? = nil)
  /// The channel itself is refused (a wrong token, a blocked bot): no message will arrive until somebody mends it.
  case unusable(String)

  /// Why it was not sent; nil where it was.
  public var reason: String? {
    switch self {
    case .sent: nil
    case .notSent(let reason, _), .refused(let reason), .unknown(let reason, _), .unusable(let reason): reason
    }
  }

  /// Seconds after which a try may work, where the channel says so.
  public var retryAfter: Double? {
    switch self {
    case .notSent(_, let seconds), .unknown(_, let seconds): seconds
    case .sent, .refused, .unusable: nil
    }
  }
}
