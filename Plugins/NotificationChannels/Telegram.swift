public import PluginKit
internal import Synchronization

/// Messages to a chat of Telegram by a bot, as HTML.
///
/// A text beyond 4096 characters goes in parts, each with its number and the message's id. What Telegram cannot parse
/// goes once more as plain text. A group that becomes a supergroup gets a new number, which Telegram says; the channel
/// uses it from then on, also after a restart, and tells the user to write it down. Telegram admits about 30 messages a
/// second to a bot, one a second to a chat, and 20 a minute to a group. A picture goes with the text as its caption, of
/// at most 1024 characters; one that Telegram does not take costs the text nothing.
/// Source: https://core.telegram.org/bots/api#sendmessage, #sendphoto, #making-requests, #responseparameters
public final class Telegram: NotificationChannel {
  public static let id = "telegram"
  public static let summary = "Messages to a chat, a group or a channel of Telegram, by a bot."
  public static let web: WebManners? = WebManners(baseURL: "https://api.telegram.org", rate: ["1/s", "20/m"])
  public static let form = TextForm.telegramHTML
  public static let settings = [
    PluginSetting(
      "token", .text, required: true, secret: true, meaning: "the bot's token, as ${env:NAME} or ${file:PATH}"),
    PluginSetting("chat", .text, required: true, meaning: "the chat's number, or a channel's name such as @prices"),
    PluginSetting("thread", .number, meaning: "the number of a topic within the group"),
    PluginSetting("pictures", .flag, meaning: "whether reports come with their charts; true"),
    PluginSetting("silent", .list, meaning: "priorities that ring no bell: low, medium, high; low"),
    PluginSetting(
      "users", .mapping, meaning: "who may command the host: numbers of users, each with read, operate or admin; nobody"
    ),
    PluginSetting("chats", .list, meaning: "the numbers of the chats in which they may; the channel's own"),
  ]

  public static func takesPictures(_ settings: PluginSettings) -> Bool { settings.flag("pictures") ?? true }

  let server: ChannelServer
  let commanders: TelegramCommanders
  private let base: String
  let token: String
  private let thread: Int64?
  private let silent: Set<ChannelMessage.Priority>
  private let note: @Sendable (String) -> Void
  private let remember: @Sendable (String, String) async -> Void
  /// The chat as the configuration names it.
  private let named: String
  /// The number that the group has now.
  private let chat: Mutex<TelegramRequest.Chat>

  public init(settings: PluginSettings, host: ChannelHost) throws(ChannelError) {
    token = settings.text("token") ?? ""
    server = ChannelServer(
      id: Telegram.id, web: host.web, secrets: [token] + token.split(separator: ":").dropFirst().map { String($0) })
    base = ChannelServer.base(settings, Telegram.web)
    note = host.note
    remember = host.remember
    named = settings.text("chat") ?? ""
    chat = Mutex(TelegramRequest.Chat(host.memory[Telegram.moved(named)] ?? named))
    thread = settings.text("thread").flatMap { Int64($0) }
    if let found = settings.text("thread"), thread == nil {
      throw .badSetting(name: "thread", "is the number of a topic; found \"\(found)\"")
    }
    silent = try ChannelServer.priorities(settings.list("silent") ?? ["low"], "silent")
    commanders = try TelegramCommanders(settings, own: settings.text("chat") ?? "")
  }

  /// Under which name the new number of a chat is remembered: of another chat, nothing is.
  private static func moved(_ chat: String) -> String { "moved \(chat)" }

  /// The bot: its number, the part before the colon, is public.
  public var source: String { "bot \(token.prefix { $0 != ":" }) at \(base)" }

  /// The number that the group has now, where it has had another.
  var movedTo: Int64? {
    chat.withLock { chat in
      if case .number(let number) = chat, chat.text != named { number } else { nil }
    }
  }

  /// Uses the new number of a group from now on, also after a restart.
  func move(to number: Int64) async {
    chat.withLock { $0 = .number(number) }
    await remember("\(number)", Telegram.moved(named))
    note("\(Telegram.id): the group has a new number: write chat: \"\(number)\" in the configuration")
  }

  public var sharedRates: [SharedRate] {
    let bot = source
    let isGroup = named.hasPrefix("-") || named.hasPrefix("@")
    return [
      SharedRate(bot, rates: ["30/s"], waitsTogether: true),
      SharedRate("chat \(named) of \(bot)", rates: isGroup ? ["1/s", "20/m"] : ["1/s"]),
    ]
  }

  public func check() async throws(ChannelError) -> String {
    if let missing = server.missing(token, "token") { throw .unusable(missing) }
    let answer = try await server.ask(request("getMe", body: [])) { TelegramAnswer($0).delivery }
    guard let name = TelegramAnswer(answer).content?.result?.username else { return answer.said("the bot answers") }
    return answer.said("the bot @\(name) answers")
  }

  public func send(_ message: ChannelMessage) async -> Delivery {
    if let missing = server.missing(token, "token") { return .unusable(missing) }
    return await Telegram.text(of: message).send(message, by: Telegram.id) { part, first in
      await send(part, message, replyTo: first ?? message.replyTo, isFirst: first == nil)
    }
  }

  public func preview(_ message: ChannelMessage) -> [String] {
    Telegram.text(of: message).parts(of: message).enumerated().map { place, part in
      let content = content(
        part.source, message, replyTo: message.replyTo, chat: destination(of: message), mode: "HTML",
        isFirst: place == 0)
      return server.preview(
        request(content, picture: place == 0 ? message.picture.map { Array("(\($0.count) bytes)".utf8) } : nil))
    }
  }

  private static func text(of message: ChannelMessage) -> MarkedText {
    MarkedText(form, limit: message.picture == nil ? 4_096 : 1_024, counts: .shownUTF16)
  }

  /// One part, and once more where Telegram says how it would take it.
  private func send(
    _ part: MarkedText.Part, _ message: ChannelMessage, replyTo: String?, isFirst: Bool
  ) async -> Delivery {
    var isPlain = false
    var hasMoved = false
    var picture = isFirst ? message.picture : nil
    while true {
      let content = content(
        isPlain ? part.shown : part.source, message, replyTo: replyTo, chat: destination(of: message),
        mode: isPlain ? nil : "HTML", isFirst: isFirst)
      let answer: ServerAnswer
      switch await server.send(request(content, picture: picture)) {
      case .success(let received): answer = received
      case .failure(let delivery): return delivery.delivery
      }
      let telegram = TelegramAnswer(answer)
      if let moved = telegram.content?.parameters?.migrate_to_chat_id, !hasMoved, isOwn(message.recipient) {
        hasMoved = true
        await move(to: moved)
      } else if telegram.cannotParse, !isPlain {
        isPlain = true
      } else if picture != nil, telegram.refusesPicture {
        picture = nil
      } else {
        return telegram.delivery
      }
    }
  }

  private func request(_ content: TelegramRequest, picture: [UInt8]?) -> WebRequest {
    guard let picture else { return request("sendMessage", body: ChannelServer.json(content)) }
    let form = TelegramPhoto(content, png: picture)
    var request = request("sendPhoto", body: form.body)
    request.headers = [(name: "Content-Type", value: form.type)]
    return request
  }

  /// Where it goes: an answer to a command to where that was written.
  private func destination(of message: ChannelMessage) -> TelegramRequest.Chat {
    let current = chat.withLock { $0 }
    return message.recipient.flatMap { isOwn($0) ? nil : TelegramRequest.Chat($0) } ?? current
  }

  private func isOwn(_ recipient: String?) -> Bool { recipient == nil || recipient == named }

  func request(_ method: String, body: [UInt8]) -> WebRequest {
    server.request("\(base)/bot\(ChannelServer.encoded(token, keeping: ":"))/\(method)", json: body)
  }

  private func content(
    _ text: String, _ message: ChannelMessage, replyTo: String?, chat: TelegramRequest.Chat, mode: String?,
    isFirst: Bool
  ) -> TelegramRequest {
    TelegramRequest(
      chat_id: chat, message_thread_id: message.recipient == nil ? thread : nil, text: text, parse_mode: mode,
      link_preview_options: .init(),
      disable_notification: silent.contains(message.priority) ? true : nil,
      reply_parameters: replyTo.flatMap { Int64($0) }.map { .init(message_id: $0) },
      reply_markup: listens && isFirst ? TelegramRequest.Keyboard(message.actions) : nil)
  }
}
