import Foundation
import Synchronization

/// A Bot API server on loopback that answers as Telegram does, and fails as it is told.
///
/// ```swift
/// let telegram = try FakeTelegram(token: "1:abc")
/// defer { telegram.stop() }
/// telegram.script([.tooMany(seconds: 3), .cutAnswer(after: 10), .page(502)])   // then well again
/// ```
///
/// What it checks by itself, as Telegram: the token, that the chat is known, that the text is neither empty nor longer
/// than 4096 UTF-16 units behind its tags (1024 below a photo), that its HTML can be read, and that a photo is a PNG.
public final class FakeTelegram: Sendable {
  /// What is done with one `sendMessage`.
  public enum Act: Sendable, Hashable {
    case well
    /// 429 with `retry_after`.
    case tooMany(seconds: Int)
    /// 400, and so on, with Telegram's own form and words.
    case says(Int, String)
    /// 400 with `migrate_to_chat_id`; the old chat stays gone.
    case migrate(to: Int64)
    /// A page for people, with any status.
    case page(Int)
    /// The message arrives, and of the answer only so many bytes go back before a reset.
    case cutAnswer(after: Int)
    /// The message arrives, and nothing is ever said.
    case silence
  }

  /// A message that has arrived.
  public struct Message: Sendable, Hashable {
    public let number: Int64
    public let chat: String
    public let text: String
    /// As it is shown: without tags.
    public let shown: String
    public let mode: String?
    public let replyTo: Int64?
    public let isSilent: Bool
    /// The photo over the text; nil where there is none.
    public let photo: [UInt8]?
    /// The buttons below it: what stands on each, and what comes back when it is pressed.
    public let buttons: [Button]
  }

  public struct Button: Sendable, Hashable {
    public let label, data: String

    public init(label: String, data: String) {
      self.label = label
      self.data = data
    }
  }

  private let bot: FakeBot
  var updates: FakeUpdates { bot.updates }
  private let server: FaultServer

  public init(token: String, chats: Set<String> = ["-100123"]) throws {
    let bot = FakeBot(token: token, chats: chats)
    self.bot = bot
    server = try FaultServer(cut: { _ in bot.nextCut() }, { request, _ in bot.answer(request) })
  }

  public var url: String { server.url }

  /// Knows a chat from now on.
  public func admit(_ chat: String) { bot.admit(chat) }

  /// What is done with the next messages, one each; then all are taken.
  public func script(_ acts: [Act]) { bot.script(acts) }

  /// After how many bytes of its request each of the next connections breaks with a reset.
  public func cutRequests(after bytes: [Int]) { bot.cutRequests(after: bytes) }

  /// All that have arrived, in order.
  public var messages: [Message] { bot.messages }

  /// All requests that came whole.
  public var requests: [FaultServer.Request] { server.requests }

  public func stop() {
    updates.stop()
    server.stop()
  }
}

/// What the server of a `FakeTelegram` remembers and answers.
final class FakeBot: Sendable {
  private struct State {
    var acts: [FakeTelegram.Act] = []
    var cuts: [Int] = []
    var messages: [FakeTelegram.Message] = []
    var chats: Set<String>
    var moved: [String: Int64] = [:]
  }

  private struct Sending: Decodable {
    struct Reply: Decodable { var message_id: Int64 }

    struct Keyboard: Decodable {
      struct Button: Decodable { var text, callback_data: String }

      var inline_keyboard: [[Button]]
    }

    var chat_id: ChatID
    var text: String
    var parse_mode: String?
    var disable_notification: Bool?
    var reply_parameters: Reply?
    var reply_markup: Keyboard?
  }

  /// A number or a name.
  private struct ChatID: Decodable {
    let text: String

    init(text: String) { self.text = text }

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      text = try (try? container.decode(Int64.self)).map { "\($0)" } ?? container.decode(String.self)
    }
  }

  let updates = FakeUpdates()
  private let token: String
  private let state: Mutex<State>

  init(token: String, chats: Set<String>) {
    self.token = token
    state = Mutex(State(chats: chats))
  }

  var messages: [FakeTelegram.Message] { state.withLock { $0.messages } }
  func admit(_ chat: String) { state.withLock { _ = $0.chats.insert(chat) } }
  func script(_ acts: [FakeTelegram.Act]) { state.withLock { $0.acts += acts } }
  func cutRequests(after bytes: [Int]) { state.withLock { $0.cuts += bytes } }
  func nextCut() -> Int? { state.withLock { $0.cuts.isEmpty ? nil : $0.cuts.removeFirst() } }

  func answer(_ request: FaultServer.Request) -> FaultAnswer {
    let parts = request.path.split(separator: "/")
    guard let bot = parts.first, bot.hasPrefix("bot"), parts.count == 2 else { return FakeBot.says(404, "Not Found") }
    guard bot.dropFirst(3).removingPercentEncoding == token else { return FakeBot.says(401, "Unauthorized") }
    switch parts[1] {
    case "getMe":
      return .json(#"{"ok":true,"result":{"id":1,"is_bot":true,"first_name":"Fake","username":"fake_bot"}}"#)
    case "getUpdates": return updates.answer(request)
    case "answerCallbackQuery": return updates.acknowledge(request)
    case "sendMessage":
      return take(try? JSONDecoder().decode(Sending.self, from: Data(request.body)), photo: nil)
    case "sendPhoto":
      let form = FormParts(request)
      return take(form.flatMap(sending), photo: form?.parts["photo"] ?? [])
    default: return FakeBot.says(404, "Not Found")
    }
  }

  /// The fields of a form: texts, but for an answer, which is JSON.
  private func sending(_ form: FormParts) -> Sending? {
    guard let chat = form.text("chat_id") else { return nil }
    return Sending(
      chat_id: ChatID(text: chat), text: form.text("caption") ?? "", parse_mode: form.text("parse_mode"),
      disable_notification: form.text("disable_notification").map { $0 == "true" },
      reply_parameters: form.parts["reply_parameters"].flatMap {
        try? JSONDecoder().decode(Sending.Reply.self, from: Data($0))
      },
      reply_markup: form.parts["reply_markup"].flatMap {
        try? JSONDecoder().decode(Sending.Keyboard.self, from: Data($0))
      })
  }

  private func take(_ sending: Sending?, photo: [UInt8]?) -> FaultAnswer {
    let act = state.withLock { $0.acts.isEmpty ? .well : $0.acts.removeFirst() }
    guard let sending else {
      return FakeBot.says(400, "Bad Request: message text is empty")
    }
    let chat = sending.chat_id.text
    switch act {
    case .tooMany(let seconds):
      return FakeBot.says(
        429, "Too Many Requests: retry after \(seconds)", parameters: "{\"retry_after\":\(seconds)}")
    case .says(let status, let words): return FakeBot.says(status, words)
    case .page(let status):
      return .text("<html><body><h1>\(status)</h1></body></html>", status: status, type: "application/json")
    case .migrate(let new):
      state.withLock { state in
        state.chats.remove(chat)
        state.chats.insert("\(new)")
        state.moved[chat] = new
      }
    case .well, .cutAnswer, .silence: break
    }
    if let new = state.withLock({ $0.moved[chat] }) {
      return FakeBot.says(
        400, "Bad Request: group chat was upgraded to a supergroup chat",
        parameters: "{\"migrate_to_chat_id\":\(new)}")
    }
    guard state.withLock({ $0.chats.contains(chat) }) else { return FakeBot.says(400, "Bad Request: chat not found") }
    let shown: String
    switch TelegramHTML.read(sending.text, isHTML: sending.parse_mode == "HTML") {
    case .success(let text): shown = text
    case .failure(let fault): return FakeBot.says(400, "Bad Request: can't parse entities: \(fault.words)")
    }
    if let photo {
      guard photo.starts(with: [0x89, 0x50, 0x4E, 0x47]) else {
        return FakeBot.says(400, "Bad Request: IMAGE_PROCESS_FAILED")
      }
      guard shown.utf16.count <= 1_024 else { return FakeBot.says(400, "Bad Request: message caption is too long") }
    }
    guard shown.contains(where: { !$0.isWhitespace }) || photo != nil else {
      return FakeBot.says(400, "Bad Request: message text is empty")
    }
    let buttons = sending.reply_markup?.inline_keyboard.flatMap { $0 } ?? []
    guard buttons.allSatisfy({ (1...64).contains($0.callback_data.utf8.count) }) else {
      return FakeBot.says(400, "Bad Request: BUTTON_DATA_INVALID")
    }
    guard shown.utf16.count <= 4_096 else { return FakeBot.says(400, "Bad Request: message is too long") }
    let number = state.withLock { state in
      let number = Int64(state.messages.count + 1)
      state.messages.append(
        FakeTelegram.Message(
          number: number, chat: chat, text: sending.text, shown: shown, mode: sending.parse_mode,
          replyTo: sending.reply_parameters?.message_id, isSilent: sending.disable_notification ?? false,
          photo: photo,
          buttons: buttons.map { FakeTelegram.Button(label: $0.text, data: $0.callback_data) }))
      return number
    }
    let sent = FaultAnswer.json(
      "{\"ok\":true,\"result\":{\"message_id\":\(number),\"date\":1700000000,\"chat\":{\"id\":\(Int64(chat) ?? -1)}}}")
    switch act {
    case .cutAnswer(let count): return sent.cut(after: count)
    case .silence: return .silence
    default: return sent
    }
  }

  static func says(_ status: Int, _ words: String, parameters: String? = nil) -> FaultAnswer {
    let more = parameters.map { ",\"parameters\":\($0)" } ?? ""
    return .json("{\"ok\":false,\"error_code\":\(status),\"description\":\"\(words)\"\(more)}", status: status)
  }
}

/// The parts of a `multipart/form-data` body by name, read as RFC 7578 has them.
struct FormParts {
  private(set) var parts: [String: [UInt8]] = [:]

  init?(_ request: FaultServer.Request) {
    guard let type = request.headers["content-type"], type.hasPrefix("multipart/form-data; boundary=") else {
      return nil
    }
    let edge = Data("--\(type.dropFirst(30))".utf8)
    let body = Data(request.body)
    var rest = body[...]
    guard let first = rest.range(of: edge), first.lowerBound == rest.startIndex else { return nil }
    rest = rest[first.upperBound...]
    while rest.starts(with: Data("\r\n".utf8)) {
      rest = rest.dropFirst(2)
      guard let head = rest.range(of: Data("\r\n\r\n".utf8)), let end = rest.range(of: Data("\r\n".utf8) + edge),
        head.upperBound <= end.lowerBound
      else { return nil }
      let words = String(decoding: rest[..<head.lowerBound], as: UTF8.self)
      guard let name = words.components(separatedBy: "name=\"").dropFirst().first?.split(separator: "\"").first else {
        return nil
      }
      parts[String(name)] = Array(rest[head.upperBound..<end.lowerBound])
      rest = rest[end.upperBound...]
    }
    guard rest == Data("--\r\n".utf8) else { return nil }
  }

  func text(_ name: String) -> String? { parts[name].map { String(decoding: $0, as: UTF8.self) } }
}

/// Telegram's own reading of `parse_mode: HTML`, as far as its page describes it:
/// https://core.telegram.org/bots/api#html-style
public enum TelegramHTML {
  public struct Fault: Error, Hashable { public let words: String }

  private static let tags: Set<String> = [
    "b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "code", "pre", "a", "blockquote", "tg-spoiler",
  ]

  /// The text without tags.
  public static func read(_ text: String, isHTML: Bool) -> Result<String, Fault> {
    guard isHTML else { return .success(text) }
    var shown = ""
    var open: [String] = []
    var rest = Array(text.unicodeScalars)[...]
    while let scalar = rest.first {
      rest.removeFirst()
      switch scalar {
      case "<":
        guard let end = rest.firstIndex(of: ">") else { return .failure(Fault(words: "Unclosed start tag")) }
        let inside = String(String.UnicodeScalarView(rest[..<end]))
        rest = rest[(end + 1)...]
        if inside.hasPrefix("/") {
          guard open.popLast() == String(inside.dropFirst()) else {
            return .failure(Fault(words: "Unexpected end tag"))
          }
        } else {
          let name = String(inside.prefix { $0 != " " })
          guard tags.contains(name) else { return .failure(Fault(words: "Unsupported start tag")) }
          open.append(name)
        }
      case "&":
        let names: [(String, Unicode.Scalar)] = [("amp;", "&"), ("lt;", "<"), ("gt;", ">"), ("quot;", "\"")]
        let known = names.first { rest.starts(with: $0.0.unicodeScalars) }
        shown.unicodeScalars.append(known?.1 ?? "&")
        rest = rest.dropFirst(known?.0.count ?? 0)
      default: shown.unicodeScalars.append(scalar)
      }
    }
    return open.isEmpty ? .success(shown) : .failure(Fault(words: "Can't find end tag"))
  }
}
