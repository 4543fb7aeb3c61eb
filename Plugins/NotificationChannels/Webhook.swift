public import PluginKit
import SeriesMath
import Trading

/// Messages as JSON to any server, signed so that it can tell who they are from.
///
/// With a `secret`, the header `Finstage-Signature: t=1700000000,v1=<hex>` holds the second of sending and the
/// HMAC-SHA256 of `<t>.<body>`. `Idempotency-Key` is the message's id, the same on a repeat.
public struct Webhook: NotificationChannel {
  public static let id = "webhook"
  public static let summary = "Messages as JSON to a server of your own, signed with a secret."
  public static let web: WebManners? = WebManners(baseURL: "", rate: ["2/s", "60/m"])
  public static let settings = [
    PluginSetting("url", .text, required: true, meaning: "where the messages go"),
    PluginSetting("secret", .text, secret: true, meaning: "the secret that signs them, known to the server too"),
    PluginSetting("token", .text, secret: true, meaning: "a token for the header Authorization: Bearer"),
    PluginSetting("headers", .mapping, meaning: "further headers by name"),
    PluginSetting(
      "body", .text,
      meaning: "the JSON, with places in its texts: {id} {title} {text} {priority} {time} {reply_to} {field.symbol}"),
  ]

  private let target: WebhookTarget
  private let secret: String?
  private let token: String?
  private let headers: [(name: String, value: String)]
  private let body: BodyTemplate?
  private let now: @Sendable () -> Instant

  public init(settings: PluginSettings, host: ChannelHost) throws(ChannelError) {
    secret = settings.text("secret")
    token = settings.text("token")
    headers = (settings.mapping("headers") ?? [:]).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    let secrets = [secret, token].compactMap { $0 } + headers.map(\.value)
    target = try WebhookTarget(Webhook.id, settings, host, secrets: secrets)
    if let text = settings.text("body") { body = try BodyTemplate(text) } else { body = nil }
    now = host.now
  }

  /// A server of one's own cannot be asked without a message.
  public func check() async throws(ChannelError) -> String {
    if let missing { throw .unusable(missing) }
    return "the settings are there; only a message shows whether the server takes it"
  }

  public func send(_ message: ChannelMessage) async -> Delivery {
    if let missing { return .unusable(missing) }
    switch await target.server.send(request(message)) {
    case .success(let answer): return answer.delivery()
    case .failure(let failure): return failure.delivery
    }
  }

  public func preview(_ message: ChannelMessage) -> [String] { [target.server.preview(request(message))] }

  private var missing: String? {
    if let missing = target.missing { return missing }
    let given = [("secret", secret), ("token", token)] + headers.map { ($0.name, $0.value) }
    return given.lazy.compactMap { name, value in value.flatMap { target.server.missing($0, name) } }.first
  }

  private func request(_ message: ChannelMessage) -> WebRequest {
    let moment = now()
    let document = MessageDocument(message, at: moment.description)
    let bytes = body.map { Array($0.text(of: document).utf8) } ?? ChannelServer.json(document)
    var lines = headers + [("Idempotency-Key", message.id.filter { $0.isASCII && ($0.isLetter || $0.isNumber) })]
    if let token { lines.append(("Authorization", "Bearer \(token)")) }
    if let secret {
      let seconds = moment.milliseconds / 1_000
      let signature = HMACSHA256.text(of: Array("\(seconds).".utf8) + bytes, key: Array(secret.utf8))
      lines.append(("Finstage-Signature", "t=\(seconds),v1=\(signature)"))
    }
    return target.server.request(target.url, headers: lines, json: bytes)
  }
}
