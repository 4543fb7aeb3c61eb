import PluginKit

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The server that a channel asks. All that is said of it names the channel and shows no secret.
struct ChannelServer: Sendable {
  /// The channel's id.
  let id: String
  let web: any WebClient
  let secrets: [String]

  /// Why there is no answer, as a delivery that is not `sent`.
  struct NoAnswer: Error {
    let delivery: Delivery
    /// The client's own word for it.
    let cause: WebError.Cause
  }

  func request(
    _ url: String, method: String = "POST", headers: [(name: String, value: String)] = [], json body: [UInt8] = []
  ) -> WebRequest {
    let type = body.isEmpty ? [] : [(name: "Content-Type", value: "application/json")]
    return WebRequest(
      url, method: body.isEmpty ? "GET" : method, headers: type + headers, body: body, secrets: secrets)
  }

  func send(_ request: WebRequest) async -> Result<ServerAnswer, NoAnswer> {
    do throws(WebError) {
      return .success(ServerAnswer(channel: id, request: request, response: try await web.send(request)))
    } catch {
      let sentence = request.withoutSecrets("\(id): \(error.message)")
      switch error.cause {
      case .badAddress,
        .forbiddenAddress where !error.mayHaveArrived:
        return .failure(NoAnswer(delivery: .unusable(sentence), cause: error.cause))
      default:
        let delivery: Delivery =
          error.mayHaveArrived
          ? .unknown(sentence, retryAfter: error.retryAfter) : .notSent(sentence, retryAfter: error.retryAfter)
        return .failure(NoAnswer(delivery: delivery, cause: error.cause))
      }
    }
  }

  /// An answer that is good, or the error that a delivery with the same answer would be.
  func ask(
    _ request: WebRequest, _ delivery: (ServerAnswer) -> Delivery = { $0.delivery() }
  ) async throws(ChannelError) -> ServerAnswer {
    let outcome: Delivery
    switch await send(request) {
    case .success(let answer):
      outcome = delivery(answer)
      if case .sent = outcome { return answer }
    case .failure(let failure): outcome = failure.delivery
    }
    switch outcome {
    case .sent, .refused, .unusable: throw .unusable(outcome.reason ?? id)
    case .notSent(let reason, let seconds), .unknown(let reason, let seconds):
      throw .unavailable(reason, retryAfter: seconds)
    }
  }

  /// A request as it would go out.
  func preview(_ request: WebRequest) -> String {
    let lines = ["\(request.method) \(request.url)"] + request.headers.map { "\($0.name): \($0.value)" }
    return request.withoutSecrets(
      lines.joined(separator: "\n") + "\n\n" + String(decoding: request.body, as: UTF8.self))
  }

  /// Why a setting that may be a reference cannot be used; nil where it can. A reference that brought nothing is a
  /// fault only now, where it is needed.
  func missing(_ text: String, _ name: String) -> String? {
    guard text.isEmpty || text.contains("${") else { return nil }
    return "\(id): \(name) is not set on this machine: \(text.isEmpty ? "it is empty" : text)"
  }

  /// The address that paths are appended to.
  static func base(_ settings: PluginSettings, _ manners: WebManners?) -> String {
    var base = settings.text("base_url") ?? manners?.baseURL ?? ""
    while base.hasSuffix("/") { base.removeLast() }
    return base
  }

  static func priorities(
    _ words: [String], _ name: String
  ) throws(ChannelError) -> Set<ChannelMessage.Priority> {
    var priorities: Set<ChannelMessage.Priority> = []
    for word in words {
      guard let priority = ChannelMessage.Priority(rawValue: word) else {
        throw .badSetting(name: name, "are priorities: low, medium, high; found \"\(word)\"")
      }
      priorities.insert(priority)
    }
    return priorities
  }

  /// Percent-encoded, all but the unreserved characters of RFC 3986 and those that are to be kept.
  static func encoded(_ text: String, keeping kept: String = "") -> String {
    let kept = Set(kept.utf8)
    return text.utf8.reduce(into: "") { encoded, byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"):
        encoded.unicodeScalars.append(Unicode.Scalar(byte))
      case _ where kept.contains(byte): encoded.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        encoded += byte < 16 ? "%0\(digits)" : "%\(digits)"
      }
    }
  }

  /// A document of JSON, its keys in order, so that one message always has one text.
  static func json(_ value: some Encodable) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(value)).map { Array($0) } ?? []
  }
}

/// What a server answered, and how it is said.
struct ServerAnswer: Sendable {
  let channel: String
  let request: WebRequest
  let response: WebResponse

  var isGood: Bool { (200..<300).contains(response.status) }

  /// A page for people, such as a network's own before one has logged in.
  var isPage: Bool { isGood && response.body.first { $0 > 0x20 } == UInt8(ascii: "<") }

  /// What became of a message where the answer is not of the form that it always has.
  var misfit: Delivery { .unknown(said("what it answered (\(response.status)) is not of the form that it always has")) }

  /// Seconds, where the server says so in the header; dates are left to the web client, which waits by them.
  var retryAfter: Double? { response.headers["retry-after"].flatMap { Double($0) }.flatMap { $0 >= 0 ? $0 : nil } }

  /// The body read as JSON; nil where it is no such thing.
  func decoded<Content: Decodable>(_ type: Content.Type) -> Content? {
    try? JSONDecoder().decode(type, from: Data(response.body))
  }

  /// What became of a message by the status alone, with the server's words where it has any.
  func delivery(_ words: String? = nil) -> Delivery {
    let status = response.status
    var sentence = "the server answers \(status)\(ServerAnswer.meaning(of: status))"
    if let words = words ?? found { sentence += ": \(words)" }
    sentence = said(sentence)
    switch status {
    case 200..<300: return .sent()
    // The server has not taken the request, or says itself that it does not act for now.
    case 408, 425, 429, 503: return .notSent(sentence, retryAfter: retryAfter)
    // The server, or one before it, has failed, nobody knows how far it had come.
    case 500...: return .unknown(sentence, retryAfter: retryAfter)
    // See Other: it may have acted.
    case 303: return .unknown(sentence)
    case 300..<400, 401, 403, 404, 405, 410: return .unusable(sentence)
    default: return .refused(sentence)
    }
  }

  /// With the channel before it, without secrets, in one line of bounded length: servers repeat keys.
  func said(_ sentence: String) -> String {
    let line = request.withoutSecrets("\(channel): \(sentence)").withoutControls
      .split { $0 == " " || $0.isNewline }.joined(separator: " ")
    return line.count > 400 ? "\(line.prefix(399))…" : line
  }

  /// The start of the body, without secrets before it is cut, so that no half of one is left. A page for people says
  /// nothing.
  private var found: String? {
    guard let first = response.body.first(where: { $0 > 0x20 }), first != UInt8(ascii: "<") else { return nil }
    let text = request.withoutSecrets(String(decoding: response.body.prefix(4_096), as: UTF8.self))
    return "\"\(text.prefix(120))\(text.count > 120 ? "…" : "")\""
  }

  private static func meaning(of status: Int) -> String {
    switch status {
    case 300..<400: " (it is elsewhere)"
    case 400: " (bad request)"
    case 401, 403: " (not allowed)"
    case 404: " (not found)"
    case 410: " (gone)"
    case 413: " (too long)"
    case 429: " (too many requests)"
    case 500...: " (the server's own fault)"
    default: ""
    }
  }
}

extension Delivery {
  /// What became of a message of several parts of which so many had been sent before this.
  func after(_ sent: Int, of parts: Int) -> Delivery {
    guard sent > 0 else { return self }
    let so = "\(sent) of \(parts) parts had been sent"
    return switch self {
    case .sent: self
    case .notSent(let reason, let seconds), .unknown(let reason, let seconds):
      .unknown("\(reason); \(so)", retryAfter: seconds)
    case .refused(let reason): .refused("\(reason); \(so)")
    case .unusable(let reason): .unusable("\(reason); \(so)")
    }
  }
}

extension String {
  /// Without what steers a terminal; lines and tabs stay.
  var withoutControls: String {
    var text = ""
    for scalar in unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control where scalar != "\n" && scalar != "\t": text += " "
      // Marks that turn the direction of writing; joiners, which Emoji are made with, stay.
      case .format where scalar != "\u{200D}" && scalar != "\u{200C}": continue
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
