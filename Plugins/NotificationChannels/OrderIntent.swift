public import PluginKit
import SeriesMath
import Trading

/// Order intents as signed JSON to a program of your own, which may place the orders: the host hands off and trades
/// nothing itself.
///
/// Each intent is sent once. The header `Finstage-Signature: t=1700000000,n=<client_order_id>,v1=<hex>` holds the second
/// of sending, the intent's id, and the HMAC-SHA256 of `<t>.<n>.<body>`; `Idempotency-Key` is the id, too. Whatever the
/// receiver answers is final: an id that it has seen is not sent again.
public struct OrderIntent: NotificationChannel {
  public static let id = "order_intent"
  public static let summary = "Order intents as signed JSON to a program of yours; off, and dry, unless told otherwise."
  public static let web: WebManners? = WebManners(baseURL: "", rate: ["5/s"])
  public static let takesOrders = true
  public static let settings =
    [
      PluginSetting("url", .text, required: true, meaning: "where the intents go"),
      PluginSetting(
        "secret", .text, required: true, secret: true, meaning: "the secret that signs them, known to the receiver too"),
    ] + OrderTerms.settings

  private let target: WebhookTarget
  private let terms: OrderTerms
  private let secret: String
  private let now: @Sendable () -> Instant

  public init(settings: PluginSettings, host: ChannelHost) throws(ChannelError) {
    secret = settings.text("secret") ?? ""
    terms = try OrderTerms(settings)
    target = try WebhookTarget(OrderIntent.id, settings, host, secrets: [secret])
    now = host.now
  }

  /// A receiver cannot be asked without an intent.
  public func check() async throws(ChannelError) -> String {
    if let missing { throw .unusable(missing) }
    return terms.isEnabled
      ? terms.isDry ? "a dry run: intents are written and none is sent" : "the settings are there; intents are sent"
      : "off: there are no intents"
  }

  public func send(_ message: ChannelMessage) async -> Delivery {
    guard let id = message.fields["client_order_id"], let body = message.fields["intent"] else {
      return .refused("\(OrderIntent.id): this is a message, and goes to people")
    }
    guard terms.isEnabled, !terms.isDry else {
      return .refused("\(OrderIntent.id): \(terms.isEnabled ? "a dry run" : "off"): nothing is sent")
    }
    // It holds no longer than it says, however it came to be sent so late.
    guard let expiry = message.fields["expiry"].flatMap({ Instant($0) }), now() < expiry else {
      return .refused("\(OrderIntent.id): it has expired")
    }
    if let missing { return .unusable(missing) }
    switch await target.server.send(request(id, body)) {
    case .success(let answer): return final(answer.delivery())
    // The server said to wait longer than the client waits: then it has seen the id.
    case .failure(let failure) where failure.cause == .refused: return final(failure.delivery)
    case .failure(let failure): return failure.delivery
    }
  }

  public func preview(_ message: ChannelMessage) -> [String] {
    guard let id = message.fields["client_order_id"], let body = message.fields["intent"] else { return [] }
    return [target.server.preview(request(id, body))]
  }

  /// The receiver has seen the id: whatever it says, it does not see it again.
  private func final(_ delivery: Delivery) -> Delivery {
    switch delivery {
    case .sent, .refused, .unknown: delivery
    case .notSent(let reason, _), .unusable(let reason): .refused("\(reason); an intent is not sent twice")
    }
  }

  private var missing: String? { target.missing ?? target.server.missing(secret, "secret") }

  private func request(_ id: String, _ body: String) -> WebRequest {
    let bytes = Array(body.utf8)
    let seconds = now().milliseconds / 1_000
    let signature = HMACSHA256.text(of: Array("\(seconds).\(id).".utf8) + bytes, key: Array(secret.utf8))
    return target.server.request(
      target.url,
      headers: [("Idempotency-Key", id), ("Finstage-Signature", "t=\(seconds),n=\(id),v1=\(signature)")], json: bytes)
  }
}
