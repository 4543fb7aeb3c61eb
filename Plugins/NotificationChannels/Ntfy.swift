public import PluginKit

/// Messages to a topic of ntfy, on ntfy.sh or a server of one's own.
///
/// Source: https://docs.ntfy.sh/publish/#publish-as-json and #limitations (4096 bytes a message).
public struct Ntfy: NotificationChannel {
  public static let id = "ntfy"
  public static let summary = "Messages to a topic of ntfy, as notifications on telephones."
  public static let web: WebManners? = WebManners(baseURL: "https://ntfy.sh", rate: ["1/s", "30/m"])
  public static let settings = [
    PluginSetting(
      "topic", .text, required: true, secret: true,
      meaning: "the topic; who knows it may read, so choose it as a password"
    ),
    PluginSetting("token", .text, secret: true, meaning: "an access token, where the server asks for one"),
    PluginSetting("tags", .list, meaning: "words or Emoji codes that stand at the message"),
  ]

  private struct Body: Encodable {
    var topic: String
    var title: String?
    var message: String
    var priority: Int
    var tags: [String]?
  }

  private struct Answer: Decodable {
    var id: String?
    var error: String?
    var healthy: Bool?
  }

  private let server: ChannelServer
  private let base: String
  private let topic: String
  private let token: String?
  private let tags: [String]?

  public init(settings: PluginSettings, host: ChannelHost) throws(ChannelError) {
    topic = settings.text("topic") ?? ""
    token = settings.text("token")
    tags = settings.list("tags")
    base = ChannelServer.base(settings, Ntfy.web)
    server = ChannelServer(id: Ntfy.id, web: host.web, secrets: [topic] + [token].compactMap { $0 })
    // https://docs.ntfy.sh/publish: topics are names, no paths.
    let signs = topic.utf8.allSatisfy { byte in
      let sign = Character(Unicode.Scalar(byte))
      return sign.isASCII && (sign.isLetter || sign.isNumber || sign == "_" || sign == "-")
    }
    guard topic.contains("${") || signs && topic.utf8.count <= 64 else {
      throw .badSetting(name: "topic", "is a name of up to 64 letters, digits, _ and -")
    }
  }

  public func check() async throws(ChannelError) -> String {
    if let missing { throw .unusable(missing) }
    let answer = try await server.ask(server.request("\(base)/v1/health"))
    guard answer.decoded(Answer.self)?.healthy == true else {
      throw .unavailable(answer.said("the server does not say that it is well"))
    }
    return "the server answers; only a message shows whether it takes ours"
  }

  public func send(_ message: ChannelMessage) async -> Delivery {
    if let missing { return .unusable(missing) }
    return await Ntfy.text.send(message, by: Ntfy.id) { part, _ in
      switch await server.send(request(part, message)) {
      case .success(let answer):
        let content = answer.decoded(Answer.self)
        if answer.isGood, let id = content?.id { return .sent(reference: id) }
        return answer.isPage ? answer.misfit : answer.delivery(content?.error)
      case .failure(let failure): return failure.delivery
      }
    }
  }

  public func preview(_ message: ChannelMessage) -> [String] {
    Ntfy.text.parts(of: message).map { server.preview(request($0, message)) }
  }

  private static let text = MarkedText(form, limit: 4_096, counts: .sourceUTF8)

  private var missing: String? {
    server.missing(topic, "topic") ?? token.flatMap { server.missing($0, "token") }
  }

  private func request(_ part: MarkedText.Part, _ message: ChannelMessage) -> WebRequest {
    let priority = [ChannelMessage.Priority.high: 4, .medium: 3, .low: 2][message.priority] ?? 3
    let body = Body(
      topic: topic, title: message.title.isEmpty ? nil : message.title, message: part.source, priority: priority,
      tags: tags)
    let headers = token.map { [(name: "Authorization", value: "Bearer \($0)")] } ?? []
    return server.request(base, headers: headers, json: ChannelServer.json(body))
  }
}
