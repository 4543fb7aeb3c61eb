internal import PluginKit

/// What `sendMessage` takes, by Telegram's names.
struct TelegramRequest: Encodable {
  enum Chat: Encodable, Hashable {
    case number(Int64)
    case name(String)

    init(_ text: String) { self = Int64(text).map { .number($0) } ?? .name(text) }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .number(let number): try container.encode(number)
      case .name(let name): try container.encode(name)
      }
    }

    var text: String {
      switch self {
      case .number(let number): "\(number)"
      case .name(let name): name
      }
    }
  }

  struct LinkPreview: Encodable { var is_disabled = true }

  struct Reply: Encodable {
    var message_id: Int64
    /// The message that is answered may be gone, or of the time before the group moved.
    var allow_sending_without_reply = true
  }

  /// Buttons below the message, in one row.
  struct Keyboard: Encodable {
    struct Button: Encodable { var text, callback_data: String }

    var inline_keyboard: [[Button]]

    /// Nil where there is nothing to press. Telegram takes 64 bytes at most, and nothing that is longer.
    init?(_ actions: [ChannelMessage.Action]) {
      let buttons = actions.filter { (1...64).contains($0.data.utf8.count) }
        .map { Button(text: $0.label, callback_data: $0.data) }
      guard !buttons.isEmpty else { return nil }
      inline_keyboard = [buttons]
    }
  }

  var chat_id: Chat
  var message_thread_id: Int64?
  var text: String
  var parse_mode: String?
  var link_preview_options: LinkPreview
  var disable_notification: Bool?
  var reply_parameters: Reply?
  var reply_markup: Keyboard?
}

/// What `sendPhoto` takes: a form of parts (RFC 7578), the picture as one of them.
struct TelegramPhoto {
  let type: String
  let body: [UInt8]

  init(_ message: TelegramRequest, png: [UInt8]) {
    var fields = [(name: "chat_id", value: message.chat_id.text), (name: "caption", value: message.text)]
    func add(_ name: String, _ value: String?) { if let value { fields.append((name, value)) } }
    add("message_thread_id", message.message_thread_id.map { "\($0)" })
    add("parse_mode", message.parse_mode)
    add("disable_notification", message.disable_notification.map { "\($0)" })
    add("reply_parameters", message.reply_parameters.map { String(decoding: ChannelServer.json($0), as: UTF8.self) })
    add("reply_markup", message.reply_markup.map { String(decoding: ChannelServer.json($0), as: UTF8.self) })
    // Whatever a caption says, it does not end its part: the picture is binary, and nobody outside writes it.
    var boundary = "finstage-form"
    while fields.contains(where: { $0.value.contains(boundary) }) { boundary += "-" }
    var body: [UInt8] = []
    for field in fields {
      body += "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(field.name)\"\r\n\r\n".utf8
      body += "\(field.value)\r\n".utf8
    }
    body += "--\(boundary)\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"chart.png\"\r\n".utf8
    body += "Content-Type: image/png\r\n\r\n".utf8
    body += png
    body += "\r\n--\(boundary)--\r\n".utf8
    self.body = body
    type = "multipart/form-data; boundary=\(boundary)"
  }
}

/// What Telegram answers. A status and a type say little: a page of a gateway may come with any.
struct TelegramAnswer {
  struct Content: Decodable {
    struct Result: Decodable {
      var message_id: Int64?
      var username: String?
    }

    struct Parameters: Decodable {
      var retry_after: Double?
      var migrate_to_chat_id: Int64?
    }

    var ok: Bool
    var error_code: Int?
    var description: String?
    var parameters: Parameters?
    var result: Result?
  }

  let answer: ServerAnswer
  /// Nil where what came is none of Telegram's.
  let content: Content?

  init(_ answer: ServerAnswer) {
    self.answer = answer
    content = answer.decoded(Content.self)
  }

  var cannotParse: Bool {
    content?.ok == false && content?.description?.lowercased().contains("can't parse entities") == true
  }

  /// The text may still be taken. Source: the descriptions that the server is known to answer, such as
  /// `PHOTO_INVALID_DIMENSIONS`, `IMAGE_PROCESS_FAILED`, `not enough rights to send photos to the chat`.
  var refusesPicture: Bool {
    guard let content, !content.ok, [400, 403, 413].contains(content.error_code ?? answer.response.status) else {
      return false
    }
    let words = content.description?.lowercased() ?? ""
    return ["photo", "image", "media", "entity too large"].contains { words.contains($0) }
  }

  var delivery: Delivery {
    guard let content else {
      return answer.isGood ? answer.misfit : answer.delivery()
    }
    guard !content.ok else { return .sent(reference: content.result?.message_id.map { "\($0)" }) }
    let words = content.description ?? "no reason is given"
    let sentence = answer.said("the server says \(content.error_code ?? answer.response.status): \(words)")
    switch content.error_code ?? answer.response.status {
    case 429: return .notSent(sentence, retryAfter: content.parameters?.retry_after ?? answer.retryAfter)
    // Telegram's own word that it failed, unlike a page of the gateway before it.
    case 500...: return .notSent(sentence, retryAfter: content.parameters?.retry_after ?? answer.retryAfter)
    case 401, 403, 404: return .unusable(sentence)
    case 400 where words.lowercased().contains("chat not found"): return .unusable(sentence)
    default: return .refused(sentence)
    }
  }
}
