import Foundation
import TestSupport
import Testing

/// `finstage run` that hands off order intents to a receiver, as its configuration says.
@Suite struct OrderRunTests {
  private static let strategy = """
    name: swing
    title: Swing
    timeframe: 1m
    symbols: ["@index"]
    pipeline:
      - id: s
        long: { enter: close > 10.5, exit: close < 10.5 }
    trade:
      size: { fixed: 100 }
      stop: 8%
      take_profit: [{ at: 10% }]
    notify: { priority: high, cooldown: 1m }

    """

  private static func configuration(_ url: String, _ desk: String) -> String {
    """
    channels:
      desk: { type: order_intent, url: "\(url)/orders", secret: "s3cr3t\(CommandTests.reference)", allow_private: true,
              valid_for: 365d, step: 0.01, \(desk) }
      book: { type: file, path: book.jsonl }
    routes:
      - { channels: [book] }
      - { strategies: [swing], channels: [desk] }
    notify: { max_age: 365d, cooldown: 0, hourly_cap: 1000 }

    """
  }

  private static let bars = Array(repeating: 10.0, count: 40)

  private func atHost(
    _ desk: String, _ body: (ServiceFixture, FaultServer, RunningProgram) throws -> Void
  ) throws {
    let server = try FaultServer { _, _ in .status(202) }
    defer { server.stop() }
    try ServiceFixture.inFolder(
      Self.configuration(server.url, desk), strategies: ["swing": Self.strategy], closes: Self.bars
    ) { service in
      try service.runAndStop { program in try body(service, server, program) }
    }
  }

  private func object(_ request: FaultServer.Request) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(request.body)) as? [String: Any])
  }

  @Test func `an entry and its exit are handed off once each, and people are told as before`() throws {
    try atHost("enabled: true, dry_run: false") { service, server, program in
      try service.price(Self.bars + [11])
      service.within(program) { server.requests.count == 1 }
      try service.price(Self.bars + [11, 12, 10])
      service.within(program) { server.requests.count == 2 && service.told("book.jsonl").count == 2 }
      let (entry, exit) = (try object(server.requests[0]), try object(server.requests[1]))
      // 100 / 11 = 9.09…, the stop 8 % below 11, the target 10 % above.
      #expect(entry["quantity"] as? Double == 9.09 && entry["side"] as? String == "buy", "\(entry)")
      #expect(entry["stop"] as? Double == 10.12 && entry["target"] as? Double == 12.1, "\(entry)")
      #expect(exit["action"] as? String == "close" && exit["quantity"] as? Double == 9.09, "\(exit)")
      #expect(exit["closes"] as? String == entry["client_order_id"] as? String)
      #expect(server.requests.allSatisfy { $0.headers["finstage-signature"]?.hasPrefix("t=") == true })
      #expect(!service.told("book.jsonl").contains { $0.contains("order intent") })
      #expect(!program.warned.contains("s3cr3t"))
    }
  }

  @Test func `a dry run writes what would go into the outbox, and nothing leaves`() throws {
    try atHost("enabled: true") { service, server, program in
      try service.price(Self.bars + [11, 10])
      service.within(program) { try service.outbox().contains("dropped 2") }
      let outbox = try service.outbox()
      #expect(outbox.contains("dry run: nothing is sent") && outbox.contains("desk"), "\(outbox)")
      service.within(program) { service.told("book.jsonl").count == 2 }
      #expect(server.requests.isEmpty)
    }
  }

  @Test func `intents are off by default`() throws {
    try atHost("dry_run: false") { service, server, program in
      try service.price(Self.bars + [11])
      service.within(program) { service.told("book.jsonl").count == 1 }
      #expect(server.requests.isEmpty)
      #expect(try !service.outbox().contains("desk"))
    }
  }

  @Test func `people are told of an intent of which nobody knows whether it arrived, which is not sent again`() throws {
    let server = try FaultServer { _, _ in .reset() }
    defer { server.stop() }
    try ServiceFixture.inFolder(
      Self.configuration(server.url, "enabled: true, dry_run: false"), strategies: ["swing": Self.strategy],
      closes: Self.bars
    ) { service in
      try service.runAndStop { program in
        try service.price(Self.bars + [11])
        service.within(program) {
          service.told("book.jsonl").contains { $0.contains("nobody knows whether it arrived") }
        }
      }
      // Also after a restart, and with the exit, whose entry it may have.
      try service.runAndStop { program in
        try service.price(Self.bars + [11, 10])
        service.within(program) { server.requests.count == 2 }
        let found = try server.requests.map { try object($0) }
        #expect(found.map { $0["action"] as? String } == ["open", "close"])
        service.within(program) { try service.outbox().contains("unknown 2") }
      }
      #expect(server.requests.count == 2)
    }
  }

  @Test(arguments: [
    ("routes: [{ channels: [desk] }]", "takes order intents, and this route names no strategy"),
    (
      "routes: [{ strategies: [s], channels: [book] }]\nnotify: { reports: desk }",
      "takes order intents alone, and no messages"
    ),
    ("notify: { alarms: [book, desk] }", "takes order intents alone, and no messages"),
  ])
  func `a configuration that would send messages to a receiver of orders is refused`(
    _ more: String, _ words: String
  ) throws {
    let config = """
      channels:
        desk: { type: order_intent, url: "https://orders.example/in", secret: "${env:HOME}" }
        book: { type: file, path: book.jsonl }
      \(more)

      """
    try CommandTests.inFolder(["config.yaml": config, "strategies/.keep": ""]) { folder in
      let answer = try CommandTests.finstage("validate", "config.yaml", in: folder)
      #expect(answer.code == 1 && answer.output.contains(words), "\(answer.output)")
    }
  }

  @Test func `a test message is not sent to a receiver of orders`() throws {
    let server = try FaultServer { _, _ in .status(202) }
    defer { server.stop() }
    try CommandTests.inFolder(
      ["config.yaml": Self.configuration(server.url, "enabled: true, dry_run: false"), "strategies/.keep": ""]
    ) { folder in
      let answer = try CommandTests.finstage("notify", "test", "desk", in: folder)
      #expect(answer.code == 1 && answer.messages.contains("this is a message, and goes to people"), "\(answer)")
      #expect(server.requests.isEmpty)
    }
  }
}
