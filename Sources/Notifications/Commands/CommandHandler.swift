public import Storage
public import Trading

/// Who commands, where, and by which channel.
public struct Commander: Hashable, Sendable {
  public var channel: String
  public var user, place: Int64
  /// As they call themselves; nothing is to be believed of it.
  public var name: String
  /// The message that they wrote, or whose button they pressed.
  public var message: Int64?

  /// As the audit names them: `telegram:1234`, with the channel's name.
  public var actor: String { "\(channel):\(user)" }

  public init(channel: String, user: Int64, place: Int64, name: String, message: Int64? = nil) {
    self.channel = channel
    self.user = user
    self.place = place
    self.name = name
    self.message = message
  }
}

/// One message of an answer.
public struct AnswerText: Hashable, Sendable {
  /// In bold over the text.
  public var title: String?
  public var text: String
  /// Whether the text is the body of a stored notice, which has marks of its own; any other is shown as it is.
  public var isNotice: Bool

  public init(_ text: String, title: String? = nil, isNotice: Bool = false) {
    self.text = text
    self.title = title
    self.isNotice = isNotice
  }
}

/// What the host makes of a command, before anything is done.
public struct CommandAnswer: Hashable, Sendable {
  /// Messages, in order.
  public var texts: [AnswerText]
  /// A few words for who pressed a button.
  public var brief: String
  public var effect: CommandEffect?
  /// For the audit: what is not in the command itself. Nil where there is nothing.
  public var detail: String?

  public init(_ texts: [AnswerText], brief: String = "✓", effect: CommandEffect? = nil, detail: String? = nil) {
    self.texts = texts
    self.brief = brief
    self.effect = effect
    self.detail = detail
  }

  public init(
    _ text: String, title: String? = nil, brief: String = "✓", effect: CommandEffect? = nil, detail: String? = nil
  ) {
    self.init([AnswerText(text, title: title)], brief: brief, effect: effect, detail: detail)
  }
}

/// Answers commands of those who may give them. Changes nothing itself: an effect is done with the answer.
public protocol CommandHandler: Sendable {
  func answer(_ command: ChatCommand, of commander: Commander, at moment: Instant) async -> CommandAnswer
  /// To a command that is written wrongly, or that there is not.
  func help(with word: String?) -> CommandAnswer
  /// To who may not.
  func refusal(of command: ChatCommand) -> CommandAnswer
  /// To a command at which the host ended each time that it was tried.
  func surrender(_ command: ChatCommand) -> CommandAnswer
}
