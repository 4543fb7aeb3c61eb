public import PluginKit

/// Messages to an incoming webhook of Slack, or of a server that takes the same: Mattermost, Rocket.Chat.
///
/// Source: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks and
/// https://docs.slack.dev/apis/web-api/rate-limits (one a second; 429 with Retry-After). A text of more than 4000
/// characters goes in parts. A webhook does not say what it calls a message, so that none can be answered.
public struct Slack: NotificationChannel {
  public static let id = "slack"
  public static let summary = "Messages to an incoming webhook of Slack, Mattermost or Rocket.Chat."
  public static let web: WebManners? = WebManners(baseURL: "", rate: ["1/s"])
  public static let form = TextForm.slackMrkdwn
  public static let settings = [
    PluginSetting(
      "url", .text, required: true, secret: true, meaning: "the webhook's address, as ${env:NAME} or ${file:PATH}")
  ]

  private struct Body: Encodable {
    var text: String
    var unfurl_links = false
    var unfurl_media = false
  }

  private let target: WebhookTarget

  public init(settings: PluginSettings, host: ChannelHost) throws(ChannelError) {
    target = try WebhookTarget(Slack.id, settings, host)
  }

  public func check() async throws(ChannelError) -> String {
    if let missing = target.missing { throw .unusable(missing) }
    return "the address is there; only a message shows whether it is taken"
  }

  public func send(_ message: ChannelMessage) async -> Delivery {
    if let missing = target.missing { return .unusable(missing) }
    return await Slack.text.send(message, by: Slack.id) { part, _ in
      switch await target.server.send(request(part)) {
      case .success(let answer): answer.isPage ? answer.misfit : answer.delivery()
      case .failure(let failure): failure.delivery
      }
    }
  }

  public func preview(_ message: ChannelMessage) -> [String] {
    Slack.text.parts(of: message).map { target.server.preview(request($0)) }
  }

  private static let text = MarkedText(form, limit: 4_000, counts: .sourceUTF16)

  private func request(_ part: MarkedText.Part) -> WebRequest {
    target.server.request(target.url, json: ChannelServer.json(Body(text: part.source)))
  }
}
