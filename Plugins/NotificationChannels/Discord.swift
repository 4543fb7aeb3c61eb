public import PluginKit

/// Messages to a webhook of Discord, or of a server that takes the same.
///
/// Source: https://docs.discord.com/developers/resources/webhook#execute-webhook (2000 characters; `wait` brings the
/// message back) and https://docs.discord.com/developers/topics/rate-limits (429 with `retry_after` in seconds).
/// Mentions ring nobody's bell. A webhook cannot answer a message.
public struct Discord: NotificationChannel {
  public static let id = "discord"
  public static let summary = "Messages to a webhook of Discord."
  public static let web: WebManners? = WebManners(baseURL: "", rate: ["1/s", "30/m"])
  public static let form = TextForm.discordMarkdown
  public static let settings = [
    PluginSetting(
      "url", .text, required: true, secret: true, meaning: "the webhook's address, as ${env:NAME} or ${file:PATH}")
  ]

  private struct Body: Encodable {
    struct Mentions: Encodable { var parse: [String] = [] }

    var content: String
    var allowed_mentions = Mentions()
  }

  private struct Answer: Decodable {
    var id: String?
    var name: String?
    var message: String?
    var retry_after: Double?
  }

  private let target: WebhookTarget

  public init(settings: PluginSettings, host: ChannelHost) throws(ChannelError) {
    target = try WebhookTarget(Discord.id, settings, host)
  }

  public func check() async throws(ChannelError) -> String {
    if let missing = target.missing { throw .unusable(missing) }
    let answer = try await target.server.ask(target.server.request(target.url)) { Discord.delivery($0) }
    return answer.said("the webhook \(answer.decoded(Answer.self)?.name ?? "") answers")
  }

  public func send(_ message: ChannelMessage) async -> Delivery {
    if let missing = target.missing { return .unusable(missing) }
    return await Discord.text.send(message, by: Discord.id) { part, _ in
      switch await target.server.send(request(part)) {
      case .success(let answer): Discord.delivery(answer)
      case .failure(let failure): failure.delivery
      }
    }
  }

  public func preview(_ message: ChannelMessage) -> [String] {
    Discord.text.parts(of: message).map { target.server.preview(request($0)) }
  }

  private static let text = MarkedText(form, limit: 2_000, counts: .sourceUTF16)

  private func request(_ part: MarkedText.Part) -> WebRequest {
    let url = "\(target.url)\(target.url.contains("?") ? "&" : "?")wait=true"
    return target.server.request(url, json: ChannelServer.json(Body(content: part.source)))
  }

  private static func delivery(_ answer: ServerAnswer) -> Delivery {
    let content = answer.decoded(Answer.self)
    if answer.isGood {
      if let id = content?.id { return .sent(reference: id) }
      return answer.isPage ? answer.misfit : .sent()
    }
    let delivery = answer.delivery(content?.message)
    guard case .notSent(let reason, let seconds) = delivery else { return delivery }
    return .notSent(reason, retryAfter: content?.retry_after ?? seconds)
  }
}
