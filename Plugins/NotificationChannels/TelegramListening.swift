public import PluginKit

/// What people write to the bot, and which buttons they press, by long polling.
/// Source: https://core.telegram.org/bots/api#getupdates, #update, #answercallbackquery
extension Telegram: AnsweringChannel {
  /// Updates of one answer, so that it stays within bounds.
  static let most = 50

  public var listens: Bool { !commanders.users.isEmpty }

  public func role(of user: Int64, in place: Int64) -> CommandRole? {
    let isThere = commanders.chats.contains(place) || commanders.own != nil && place == movedTo
    return isThere ? commanders.users[user] : nil
  }

  public func ownName() async throws(ListeningError) -> String {
    let answer = try await heard(request("getMe", body: []), TelegramAnswer.Me.self)
    guard let name = answer.username else { throw .unavailable("\(Telegram.id): the bot has no name") }
    return name
  }

  public func updates(
    from number: Int64?, waiting seconds: Int
  ) async throws(ListeningError) -> [ChannelUpdate] {
    let question = TelegramQuestion(
      offset: number, limit: Telegram.most, timeout: seconds, allowed_updates: ["message", "callback_query"])
    let found = try await heard(
      request("getUpdates", body: ChannelServer.json(question)), [TelegramLenient<TelegramUpdate>].self)
    let read = found.compactMap(\.value)
    // Behind an update without a number there is no way on: it would be asked for again at once.
    guard found.isEmpty || !read.isEmpty else {
      throw .unavailable("\(Telegram.id): what it answered is not of the form that it always has")
    }
    for update in read {
      guard let moved = update.moved, let own = commanders.own, moved.from == own || moved.from == movedTo,
        moved.to != movedTo
      else { continue }
      await move(to: moved.to)
    }
    return read.map(\.update)
  }

  public func acknowledge(_ press: String, _ words: String) async {
    // Nobody depends on it: a press that is too old is refused, and the button stops waiting by itself.
    _ = await server.send(
      request(
        "answerCallbackQuery",
        body: ChannelServer.json(
          TelegramPress(callback_query_id: String(press.prefix(64)), text: String(words.prefix(190))))))
  }

  private func heard<Result: Decodable>(
    _ request: WebRequest, _ type: Result.Type
  ) async throws(ListeningError) -> Result {
    if let missing = server.missing(token, "token") { throw .refused(missing) }
    let answer: ServerAnswer
    switch await server.send(request) {
    case .success(let found): answer = found
    case .failure(let failure):
      switch failure.delivery {
      case .unusable(let reason): throw .refused(reason)
      case let other: throw .unavailable(other.reason ?? Telegram.id, retryAfter: other.retryAfter)
      }
    }
    if let content = answer.decoded(TelegramAnswer.Heard<Result>.self), content.ok, let result = content.result {
      return result
    }
    let telegram = TelegramAnswer(answer)
    if telegram.content?.ok == false, (telegram.content?.error_code ?? answer.response.status) == 409 {
      throw .contested(answer.said("the server says 409: \(telegram.content?.description ?? "no reason is given")"))
    }
    switch telegram.delivery {
    case .unusable(let reason), .refused(let reason): throw .refused(reason)
    case .notSent(let reason, let seconds), .unknown(let reason, let seconds):
      throw .unavailable(reason, retryAfter: seconds)
    case .sent: throw .unavailable(answer.misfit.reason ?? Telegram.id)
    }
  }
}

struct TelegramQuestion: Encodable {
  var offset: Int64?
  var limit, timeout: Int
  var allowed_updates: [String]
}

struct TelegramPress: Encodable { var callback_query_id, text: String }

extension TelegramAnswer {
  struct Me: Decodable { var username: String? }

  struct Heard<Result: Decodable>: Decodable {
    var ok: Bool
    var result: Result?
  }
}

/// Nil where it is not of the form, whatever it is.
struct TelegramLenient<Value: Decodable>: Decodable {
  let value: Value?

  init(from decoder: any Decoder) throws { value = try? Value(from: decoder) }
}

/// An update, of which anything but its number may be missing or of another form.
struct TelegramUpdate: Decodable {
  private struct User: Decodable {
    var id: Int64
    var is_bot: Bool?
    var first_name, last_name, username: String?
  }

  private struct Chat: Decodable {
    var id: Int64
    var type: String?
  }

  private struct Message: Decodable {
    var message_id: Int64?
    var from: User?
    /// Who writes for a chat or a channel, as nobody in person.
    var sender_chat: TelegramLenient<Chat>?
    var chat: Chat
    var text: String?
    var migrate_to_chat_id: Int64?
  }

  private struct Press: Decodable {
    var id: String
    var from: User
    var message: TelegramLenient<Message>?
    var data: String?
  }

  private enum Key: CodingKey { case update_id, message, callback_query }

  let update: ChannelUpdate
  /// A group that has become a supergroup, by Telegram's own word.
  let moved: (from: Int64, to: Int64)?

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let number = try container.decode(Int64.self, forKey: .update_id)
    let message = (try? container.decodeIfPresent(TelegramLenient<Message>.self, forKey: .message))?.value
    let press = (try? container.decodeIfPresent(TelegramLenient<Press>.self, forKey: .callback_query))?.value
    if let press {
      let place = press.message?.value
      moved = nil
      update = ChannelUpdate(
        number: number, content: press.data.map { .press(id: press.id, data: $0) } ?? .other,
        user: Self.person(press.from), place: place?.chat.id, isGroup: place?.chat.type != "private",
        name: Self.name(press.from), message: place?.message_id)
    } else {
      moved = message.flatMap { message in message.migrate_to_chat_id.map { (message.chat.id, $0) } }
      update = ChannelUpdate(
        number: number, content: message?.text.map { .text($0) } ?? .other,
        user: message?.sender_chat == nil ? message?.from.flatMap(Self.person) : nil, place: message?.chat.id,
        isGroup: message?.chat.type != "private", name: message?.from.map(Self.name) ?? "", message: message?.message_id
      )
    }
  }

  private static func person(_ user: User) -> Int64? { user.is_bot == true ? nil : user.id }

  /// In one line of bounded length.
  private static func name(_ user: User) -> String {
    let names = [user.first_name, user.last_name].compactMap { $0 }
    let said = names.isEmpty ? user.username ?? "" : names.joined(separator: " ")
    let line = said.prefix(200).description.withoutControls.split { $0.isWhitespace || $0.isNewline }
      .joined(separator: " ")
    return String(line.prefix(60))
  }
}
