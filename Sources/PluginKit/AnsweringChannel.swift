/// A channel by which people answer: they write commands, and press the buttons of messages.
///
/// Several channels may hear the same, such as two chats of one bot: one of them is asked for all.
public protocol AnsweringChannel: NotificationChannel {
  /// Whether its settings name somebody who may command; who is not named is not heard.
  var listens: Bool { get }
  /// The same for all channels that hear the same; shows no secret.
  var source: String { get }
  /// The right by which somebody may command in a place of this channel; nil where they may not, or not there.
  func role(of user: Int64, in place: Int64) -> CommandRole?
  /// By which name it is addressed: `/status@name`.
  func ownName() async throws(ListeningError) -> String
  /// What was written from a number on, in order; all that is there where none is named. What is before the number is
  /// forgotten by the server. Waits so many seconds for the first.
  func updates(from number: Int64?, waiting seconds: Int) async throws(ListeningError) -> [ChannelUpdate]
  /// Tells who pressed a button that it was heard, in a few words. Nothing depends on it.
  func acknowledge(_ press: String, _ words: String) async
}

/// What somebody may do by commands. Each may do what the ones before it may.
public enum CommandRole: String, Sendable, CaseIterable, Comparable {
  case read, operate, admin

  public static func < (one: CommandRole, other: CommandRole) -> Bool { one.rank < other.rank }

  private var rank: Int {
    switch self {
    case .read: 0
    case .operate: 1
    case .admin: 2
    }
  }
}

/// Something that was written or pressed.
public struct ChannelUpdate: Hashable, Sendable {
  public enum Content: Hashable, Sendable {
    case text(String)
    /// A button: by which name the press is acknowledged, and what the button stands for.
    case press(id: String, data: String)
    /// Nothing that could be a command.
    case other
  }

  /// Ascending; the same when it comes again.
  public var number: Int64
  public var content: Content
  /// Who, and where; nil where nobody did it.
  public var user, place: Int64?
  /// Whether others read along in the place.
  public var isGroup: Bool
  /// As they call themselves; nothing is to be believed of it.
  public var name: String
  /// The message that was written, or whose button was pressed.
  public var message: Int64?

  public init(
    number: Int64, content: Content, user: Int64? = nil, place: Int64? = nil, isGroup: Bool = false, name: String = "",
    message: Int64? = nil
  ) {
    self.number = number
    self.content = content
    self.user = user
    self.place = place
    self.isGroup = isGroup
    self.name = name
    self.message = message
  }
}

/// Why nothing was heard. Sentences show no secret.
public enum ListeningError: Error, Sendable, Hashable {
  /// Somebody else hears in our place.
  case contested(String)
  /// It is refused, until somebody mends it.
  case refused(String)
  /// A later try may work, after so many seconds where it is said.
  case unavailable(String, retryAfter: Double? = nil)

  public var sentence: String {
    switch self {
    case .contested(let sentence), .refused(let sentence), .unavailable(let sentence, _): sentence
    }
  }
}
