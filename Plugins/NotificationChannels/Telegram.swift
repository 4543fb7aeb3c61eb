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
  ]

  public static func takesPictures(_ settings: PluginSettings) -> Bool { settings.flag("pictures") ?? true }

  private let server: ChannelServer
  private let base: String
  private let token: String
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
  }

  /// Under which name the new number of a chat is remembered: of another chat, nothing is.
  private static func moved(_ chat: String) -> String { "moved \(chat)" }

  public var sharedRates: [SharedRate] {
    // The bot's number, the part before the colon, is public.
    let bot = "bot \(token.prefix { $0 != ":" }) at \(base)"
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
      await send(part, message, replyTo: first ?? message.replyTo, picture: first == nil ? message.picture : nil)
    }
  }

  public func preview(_ message: ChannelMessage) -> [String] {
    Telegram.text(of: message).parts(of: message).enumerated().map { place, part in
      let content = content(part.source, message, replyTo: message.replyTo, chat: chat.withLock { $0 }, mode: "HTML")
      return server.preview(
        request(content, picture: place == 0 ? message.picture.map { Array("(\($0.count) bytes)".utf8) } : nil))
    }
  }

  private static func text(of message: ChannelMessage) -> MarkedText {
    MarkedText(form, limit: message.picture == nil ? 4_096 : 1_024, counts: .shownUTF16)
  }

  /// One part, and once more where Telegram says how it would take it.
  private func send(
    _ part: MarkedText.Part, _ message: ChannelMessage, replyTo: String?, picture: [UInt8]?
  ) async -> Delivery {
    var isPlain = false
    var hasMoved = false
    var picture = picture
    while true {
      let current = chat.withLock { $0 }
      let content = content(
        isPlain ? part.shown : part.source, message, replyTo: replyTo, chat: current, mode: isPlain ? nil : "HTML")
      let answer: ServerAnswer
      switch await server.send(request(content, picture: picture)) {
      case .success(let received): answer = received
      case .failure(let delivery): return delivery.delivery
      }
      let telegram = TelegramAnswer(answer)
      if let moved = telegram.content?.parameters?.migrate_to_chat_id, !hasMoved {
        hasMoved = true
        chat.withLock { $0 = .number(moved) }
        await remember("\(moved)", Telegram.moved(named))
        note("\(Telegram.id): the group has a new number: write chat: \"\(moved)\" in the configuration")
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

  private func request(_ method: String, body: [UInt8]) -> WebRequest {
    server.request("\(base)/bot\(ChannelServer.encoded(token, keeping: ":"))/\(method)", json: body)
  }

  private func content(
    _ text: String, _ message: ChannelMessage, replyTo: String?, chat: TelegramRequest.Chat, mode: String?
  ) -> TelegramRequest {
    TelegramRequest(
      chat_id: chat, message_thread_id: thread, text: text, parse_mode: mode, link_preview_options: .init(),
      disable_notification: silent.contains(message.priority) ? true : nil,
      reply_parameters: replyTo.flatMap { Int64($0) }.map { .init(message_id: $0) })
  }
}
