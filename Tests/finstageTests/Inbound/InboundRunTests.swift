import Foundation
import SeriesMath
import Storage
import TestSupport
import Testing
import Trading

/// Signals from outside as their senders send them, to the program as it runs with the sample configuration.
@Suite struct InboundRunTests {
  private static let secret = "0123456789abcdef0123456789abcdef"
  private static let token = "fedcba9876543210fedcba9876543210"

  private func sample(_ name: String) throws -> String {
    try String(contentsOf: CommandTests.root.appending(path: "Samples/inbound/\(name)"), encoding: .utf8)
  }

  private func atHost(_ body: (ServiceFixture, RunningProgram, Int) throws -> Void) throws {
    let configuration = try sample("config.yaml")
      .replacing("../*.csv", with: CommandTests.root.appending(path: "Samples/*.csv").path())
      .replacing("../../strategies", with: "strategies").replacing("127.0.0.1:8080", with: "127.0.0.1:0")
      .replacing("console: { type: console }", with: "book: { type: file, path: told.jsonl }")
      .replacing("[console]", with: "[book]")
      .replacing("{ job: outcomes, every: 1h }", with: "{ job: evaluate, every: 1s }")
    try CommandTests.inFolder(["config.yaml": configuration + "notify: { digest: 1s }\n", "strategies/.keep": ""]) {
      folder in
      let service = ServiceFixture(folder: folder, begin: 0)
      let environment = [
        "DESK_SECRET": Self.secret, "TRADINGVIEW_TOKEN": Self.token, "FREQTRADE_TOKEN": Self.token,
      ]
      try service.run(environment: environment) { program in
        let line = program.warned.split(separator: "\n").first { $0.contains("api: http://127.0.0.1:") }
        let port = try #require(line.flatMap { $0.split(separator: ":").last.flatMap { Int($0) } })
        try body(service, program, port)
        #expect(![Self.secret, Self.token].contains { program.warned.contains($0) })
        #expect(program.kill9())
      }
    }
  }

  private func send(
    _ port: Int, _ path: String, _ body: String, _ headers: [String] = ["Content-Type: application/json"]
  ) throws -> (status: Int, head: String, body: String) {
    try #require(RawClient.ask(port, "POST", "/api/v1/inbound/\(path)", headers: headers, body: body))
  }

  private func signals(_ port: Int) throws -> [[String: Any]] {
    let answer = try #require(RawClient.ask(port, "GET", "/api/v1/signals"))
    let json = try JSONSerialization.jsonObject(with: Data(answer.body.utf8)) as? [String: Any]
    return try #require(json?["signals"] as? [[String: Any]])
  }

  private var now: String { "\(Instant(seconds: Int64(Date().timeIntervalSince1970)))" }

  @Test func `an alert of TradingView and a webhook of freqtrade are taken as they are sent`() throws {
    try atHost { service, program, port in
      var alert = try sample("tradingview-alert.json").replacing("PASTE THE TOKEN HERE", with: Self.token)
      for (place, value) in [
        ("ticker", "IXIC"), ("interval", "1D"), ("strategy.market_position", "long"), ("close", "14000.5"),
        ("timenow", now), ("strategy.order.comment", "cross"),
      ] { alert = alert.replacing("{{\(place)}}", with: value) }
      let plain = ["Content-Type: text/plain; charset=utf-8"]
      let taken = try send(port, "tradingview", alert, plain)
      #expect(taken.status == 200 && taken.body.contains("\"saved\""), "\(taken)")
      #expect(try send(port, "tradingview", alert, plain).body.contains("\"repeated\""))

      let hook = try #require(
        try JSONSerialization.jsonObject(with: Data(try sample("freqtrade-webhook.json").utf8)) as? [String: Any])
      let events = try #require(hook["webhook"] as? [String: Any])
      for (event, values) in [
        ("entry_fill", ["{direction}": "Long", "{open_rate}": "37000.0", "{enter_tag}": "ema"]),
        ("exit_fill", ["{direction}": "Long", "{close_rate}": "38000.0", "{exit_reason}": "roi"]),
      ] {
        let message = try #require(events[event] as? [String: String]).mapValues { template in
          var text = template
          let stamp = now.replacing("T", with: " ").replacing("Z", with: ".123456+00:00")
          let all = values.merging(
            ["{trade_id}": "17", "{pair}": "BTC/USDT", "{open_date}": stamp, "{close_date}": stamp]
          ) { $1 }
          for (place, value) in all { text = text.replacing(place, with: value) }
          return text
        }
        let json = String(decoding: try JSONSerialization.data(withJSONObject: message), as: UTF8.self)
        let answer = try send(port, "freqtrade/\(Self.token)", json)
        #expect(answer.status == 200 && answer.body.contains("\"saved\""), "\(event): \(answer)")
        // Where nothing else is asked for freqtrade sends a form.
        let form = message.map { name, value in
          "\(name)=\(value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")"
        }.joined(separator: "&")
        let again = try send(
          port, "freqtrade/\(Self.token)", form, ["Content-Type: application/x-www-form-urlencoded"])
        #expect(again.status == 200 && again.body.contains("\"repeated\""), "\(event): \(again)")
      }

      let stored = try signals(port)
      let said = stored.map { one in
        [one["strategy"], one["symbol"], one["timeframe"], one["direction"], one["reason"], one["source"]]
          .map { "\($0 ?? "")" }.joined(separator: " ")
      }
      #expect(
        Set(said) == [
          "tradingview:golden-cross ^IXIC 1d buy cross tradingview",
          "freqtrade:SampleStrategy BTCUSDT 1h buy ema freqtrade",
          "freqtrade:SampleStrategy BTCUSDT 1h exit_long roi freqtrade",
        ], "\(said)")
      service.within(program) { service.told().joined().contains("tradingview:golden-cross") }
      let id = try #require(stored.first { $0["source"] as? String == "tradingview" }?["id"] as? Int)
      let explained = try CommandTests.run(["explain", "\(id)"], in: service.folder)
      #expect(explained.code == 0 && explained.output.contains("from tradingview at"), "\(explained)")
      #expect(explained.messages.contains("its rule is not known here"), "\(explained)")
    }
  }

  @Test func `what is signed is taken, and nothing else that calls itself so`() throws {
    try atHost { _, _, port in
      func signed(_ body: String, _ seconds: Int) -> [String] {
        let text = HMACSHA256.text(of: Array("\(seconds).\(body)".utf8), key: Array(Self.secret.utf8))
        return ["Content-Type: application/json", "Finstage-Signature: t=\(seconds),v1=\(text)"]
      }
      let second = Int(Date().timeIntervalSince1970)
      func body(_ id: String, _ side: String = "sell") -> String {
        #"{"symbol": "^IXIC", "side": "\#(side)", "price": 14000, "strategy": "swing", "id": "\#(id)", "time": \#(second)}"#
      }
      let good = try send(port, "desk", body("1"), signed(body("1"), second))
      #expect(good.status == 200 && good.body.contains("\"saved\""), "\(good)")
      let cases: [(String, String, [String], Int)] = [
        ("desk", body("1"), signed(body("1"), second + 1), 200),
        ("desk", body("1", "buy"), signed(body("1", "buy"), second), 409),
        ("desk", body("2"), signed(body("3"), second), 401),
        ("desk", body("2"), signed(body("2"), second - 3_600), 403),
        ("desk", body("2"), [], 401), ("desk", body("2", "up"), signed(body("2", "up"), second), 422),
        ("desk", "[", signed("[", second), 400), ("nobody", body("2"), signed(body("2"), second), 401),
        ("desk/\(Self.token)", body("2"), [], 401), ("tradingview", body("2"), signed(body("2"), second), 401),
        ("freqtrade/\(Self.secret)", body("2"), [], 401), ("desk", String(repeating: " ", count: 40_000), [], 413),
      ]
      for (path, text, headers, status) in cases {
        let answer = try send(port, path, text, headers)
        #expect(answer.status == status, "\(path) \(text.prefix(60)): \(answer)")
      }
      let stale = body("9").replacing("\(second)", with: "\(second - 301)")
      #expect(try send(port, "desk", stale, signed(stale, second)).status == 403)
      #expect(try signals(port).count == 1)
      // Nobody reads how others are let in from what they are told.
      let unknown = try send(port, "nobody", body("2"), [])
      #expect(unknown.body == (try send(port, "desk", body("2"), [])).body)
      let metrics = try #require(RawClient.ask(port, "GET", "/metrics")).body
      #expect(metrics.contains("finstage_inbound_messages_total{result=\"saved\",source=\"desk\"} 1"))
      #expect(metrics.contains("{result=\"401\",source=\"unknown\"} 2"))
    }
  }

  @Test func `more than a source takes is told when to come again`() throws {
    let configuration = """
      sources:
        desk: { type: inbound, token: "${env:DESK_TOKEN}", symbol: s, direction: d, price: p, timeframe: 1d, rate: 1, burst: 3, defaults: { strategy: swing } }
      schedule: [{ job: evaluate, every: 1s }]
      api: { listen: "127.0.0.1:0" }
      """
    try CommandTests.inFolder(["config.yaml": configuration, "strategies/.keep": ""]) { folder in
      let service = ServiceFixture(folder: folder, begin: 0)
      try service.run(environment: ["DESK_TOKEN": Self.token]) { program in
        let line = program.warned.split(separator: "\n").first { $0.contains("api: http://127.0.0.1:") }
        let port = try #require(line.flatMap { $0.split(separator: ":").last.flatMap { Int($0) } })
        let answers = try (0..<8).map { place in
          try send(port, "desk", #"{"s": "X", "d": "buy", "p": \#(place)}"#, ["Authorization: Bearer \(Self.token)"])
        }
        #expect(answers.prefix(3).allSatisfy { $0.status == 200 }, "\(answers)")
        let last = try #require(answers.last)
        #expect(last.status == 429 && last.head.lowercased().contains("retry-after: 1"), "\(last)")
        let stored = try signals(port).count
        #expect(stored == answers.count { $0.status == 200 } && stored < 8)
      }
    }
  }

  @Test func `what became of them is counted under their name, by hand`() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let service = ServiceFixture(folder: folder, begin: 0)
    try service.write(
      """
      strategies: strategies
      sources: { files: { type: csv, path: "\(CommandTests.root.appending(path: "Samples/*.csv").path())" } }
      collect: [{ source: files, symbols: [^IXIC], timeframe: 1d, exchange: XNYS }]
      """, to: "config.yaml")
    try service.write("", to: "strategies/.keep")
    let store = try SQLiteStore(
      SQLiteSettings(path: folder.appending(path: "var/finstage.db").path()), for: .writing)
    // New York closes at 20:00 UTC in May: one is said during 2010-05-06, one 30 s behind its close, one at night.
    let moments = ["2010-05-06T15:00:00Z", "2010-05-06T20:00:30Z", "2010-05-06T23:00:00Z"]
    let arrivals = try moments.map { text in
      let moment = try #require(Instant(text))
      return InboundArrival(
        mark: InboundMark(source: "tv", key: "id \(text)", digest: text),
        record: SignalRecord(
          strategy: "tv:s", version: "outside", symbol: "^IXIC", timeframe: .day,
          signal: Signal(time: moment, bar: -1, direction: .sell, confidence: 50, price: 2_350, reason: "r"),
          source: "tv"))
    }
    _ = try await store.receive(arrivals, at: Instant(seconds: 1_273_190_000))
    try store.close()
    let answer = try CommandTests.finstage(
      "performance", "tv:s", "--horizon", "1b", "--min-samples", "1", "--format", "json", in: folder)
    #expect(answer.code == 0, "\(answer)")
    let json = try #require(try JSONSerialization.jsonObject(with: Data(answer.output.utf8)) as? [String: Any])
    let group = try #require((json["groups"] as? [[String: Any]])?.first)
    #expect(group["strategy"] as? String == "tv:s" && group["count"] as? Int == 3)
    // Closes of the sample: 2319.639893 on the 6th, 2265.639893 on the 7th, 2374.669922 on Monday the 10th.
    let first = 1 - 2265.639893 / 2319.639893
    let third = 1 - 2374.669922 / 2265.639893
    let mean = try #require(group["mean_return"] as? Double)
    #expect(abs(mean - (2 * first + third) / 3) < 1e-12)
    #expect(abs((group["success_rate"] as? Double ?? 0) - 2.0 / 3) < 1e-12)
    #expect(group["base_rate"] is Double && group["interval"] is [Double] && group["p_value"] != nil)
  }
}
