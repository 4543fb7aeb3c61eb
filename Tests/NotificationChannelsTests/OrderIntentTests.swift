import Foundation
import PluginKit
import SeriesMath
import TestSupport
import Testing

@testable import NotificationChannels

/// What the channel of order intents promises: an id goes out once, in time, signed, and never unasked.
@Suite struct OrderIntentTests {
  private static let id = "fsabcdefghijklmnopqrstuvwxyz"
  private static let body = #"{"client_order_id":"fsabcdefghijklmnopqrstuvwxyz","side":"buy"}"#

  private func channel(_ server: FaultServer, _ more: PluginSettings = [:]) throws -> OrderIntent {
    var settings: PluginSettings = [
      "url": .text("\(server.url)/orders"), "secret": "s3cr3t", "enabled": "true", "dry_run": "false",
    ]
    settings.values.merge(more.values) { _, new in new }
    return try OrderIntent(settings: settings, host: TestHost().host)
  }

  /// The test's clock stands at 2023-11-14T22:13:20Z.
  private func message(_ expiry: String = "2023-11-14T22:13:21Z") -> ChannelMessage {
    ChannelMessage(
      id: "K7Q2AB", title: "", text: "", fields: ["client_order_id": Self.id, "intent": Self.body, "expiry": expiry])
  }

  @Test func `an intent goes out as it was written, with its id, the second and the signature of both`() async throws {
    let server = try FaultServer { _, _ in .status(202) }
    defer { server.stop() }
    #expect(try await channel(server).send(message()) == .sent())
    let request = try #require(server.requests.first)
    #expect(
      request.method == "POST" && request.target == "/orders"
        && String(decoding: request.body, as: UTF8.self) == Self.body)
    #expect(request.headers["idempotency-key"] == Self.id && request.headers["content-type"] == "application/json")
    // printf '%s' '1700000000.fsabcdefghijklmnopqrstuvwxyz.{"client_order_id":…}' | openssl dgst -sha256 -hmac s3cr3t
    #expect(
      request.headers["finstage-signature"]
        == "t=1700000000,n=\(Self.id),v1=ea94c1f0565c72fb841c7b51c2b81a6db8ca57129d4ef58852865503797874d1")
  }

  @Test(arguments: [200, 201, 204, 302, 400, 401, 403, 404, 408, 409, 410, 425, 429, 500, 502, 503, 504])
  func `whatever the receiver answers is final`(_ status: Int) async throws {
    let server = try FaultServer { _, _ in .status(status, headers: [("Retry-After", "1")]) }
    defer { server.stop() }
    let delivery = try await channel(server).send(message())
    let kind = (200..<300).contains(status) ? "sent" : [500, 502, 504].contains(status) ? "unknown" : "refused"
    #expect(delivery.kind == kind, "\(delivery)")
    #expect(server.requests.count == 1)
  }

  @Test func `a receiver that asks to wait for an hour has seen the id, and does not see it again`() async throws {
    let server = try FaultServer { _, _ in .tooMany(retryAfter: "3600") }
    defer { server.stop() }
    #expect(try await channel(server).send(message()).kind == "refused")
    #expect(server.requests.count == 1)
  }

  @Test func `what was certainly not sent may be tried again, what broke off is unknown`() async throws {
    let gone = try FaultServer { _, _ in .status(200) }
    gone.stop()
    #expect(try await channel(gone).send(message()).kind == "notSent")
    let broken = try FaultServer { _, _ in .reset() }
    defer { broken.stop() }
    #expect(try await channel(broken).send(message()).kind == "unknown")
    #expect(broken.requests.count == 1)
  }

  @Test func `nothing is sent that is off, dry, expired, or no intent`() async throws {
    let server = try FaultServer { _, _ in .status(200) }
    defer { server.stop() }
    let alone = try OrderIntent(
      settings: ["url": .text(server.url), "secret": "s3cr3t"], host: TestHost().host)
    #expect(await alone.send(message()) == .refused("order_intent: off: nothing is sent"))
    #expect(try await alone.check() == "off: there are no intents")
    let dry = try OrderIntent(
      settings: ["url": .text(server.url), "secret": "s3cr3t", "enabled": "true"], host: TestHost().host)
    #expect(await dry.send(message()) == .refused("order_intent: a dry run: nothing is sent"))
    let channel = try channel(server)
    for late in ["2023-11-14T22:13:20Z", "2020-01-01T00:00:00Z", "soon", ""] {
      #expect(await channel.send(message(late)) == .refused("order_intent: it has expired"))
    }
    #expect(await channel.send(ChannelMessage(id: "K", title: "", text: "hello")).kind == "refused")
    #expect(server.requests.isEmpty)
  }

  @Test(
    arguments: [
      (["step": "0.1.2"], "step: is a part from"), (["step": "1e-3"], "step: is a part"),
      (["step": "0"], "step: is a part"),
      (["equity": "0"], "equity: is an amount of money above 0"), (["equity": "-5"], "equity: is an amount"),
      (["max_value": "1e16"], "max_value: is an amount"),
    ] as [(PluginSettings, String)])
  func `terms that mean nothing are refused`(_ settings: PluginSettings, _ sentence: String) {
    let error = #expect(throws: ChannelError.self) { _ = try OrderTerms(settings) }
    #expect(error?.description.contains(sentence) == true, "\(error?.description ?? "nothing")")
  }

  @Test func `a quantity is rounded down to whole steps, and a whole number of steps stays`() throws {
    func rounded(_ quantity: Double, _ step: String) throws -> Double {
      try OrderTerms(["step": .text(step)]).rounded(quantity)
    }
    #expect(try rounded(0.3, "0.1") == 0.3 && rounded(0.1 + 0.2, "0.1") == 0.3 && rounded(0.29999, "0.1") == 0.2)
    #expect(try rounded(7.99, "1") == 7 && rounded(0.99, "1") == 0 && rounded(123.456789, "0.001") == 123.456)
    #expect(try rounded(12.5, "5") == 10 && rounded(1e20, "0.1") == 0)
    #expect(try rounded(.nan, "1") == 0 && rounded(.infinity, "1") == 0 && rounded(-3, "1") == 0)
    #expect(try OrderTerms([:]).rounded(1.23456789) == 1.234567)
  }

  @Test func `intents are off and dry unless told otherwise`() throws {
    let terms = try OrderTerms([:])
    #expect(!terms.isEnabled && terms.isDry && terms.equity == nil && terms.length == nil && terms.mostWorth == nil)
    #expect(OrderIntent.takesOrders && notificationChannels.filter { $0.takesOrders }.count == 1)
  }
}
