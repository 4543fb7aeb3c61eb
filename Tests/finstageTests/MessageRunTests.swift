import Foundation
import TestSupport
import Testing

/// What a service says, from a bar to the chat.
@Suite struct MessageRunTests {
  private static let token = "42:CANARY-t0ken"

  private static let strategy = """
    name: swing
    title: Swing
    timeframe: 1m
    symbols: ["@index"]
    pipeline:
      - id: s
        long: { enter: close > 10.5, exit: close < 10.5 }
    trade:
      size: { risk: 1%, distance: high - low }
      stop: 8%
    notify: { priority: high, cooldown: 1m }

    """

  @Test func `an entry says stop and size, and the exit replies to it with the result after a restart`() throws {
    let telegram = try FakeTelegram(token: Self.token)
    defer { telegram.stop() }
    let channels = """
      channels:
        chat: { type: telegram, base_url: "\(telegram.url)", allow_private: true, token: "${env:BOT}", chat: "-100123" }
      routes: [{ channels: [chat] }]
      notify: { max_age: 365d }
      """
    let bars = Array(repeating: 10.0, count: 40)
    try ServiceFixture.inFolder(channels, strategies: ["swing": Self.strategy], closes: bars) { service in
      try service.runAndStop(environment: ["BOT": Self.token]) { program in
        try service.price(bars + [11, 12])
        service.within(program) { telegram.messages.count == 1 }
      }
      let entry = try #require(telegram.messages.first)
      #expect(entry.shown.contains("▶️ Entry: at the next open\n"), "\(entry.shown)")
      #expect(entry.shown.contains("🛑 Stop: 8 % below the fill\n"), "\(entry.shown)")
      #expect(entry.shown.contains("📦 Size: 1 % of equity at risk over 2\n"), "\(entry.shown)")
      #expect(entry.replyTo == nil)
      try service.runAndStop(environment: ["BOT": Self.token]) { program in
        try service.price(bars + [11, 12, 10])
        service.within(program) { telegram.messages.count == 2 }
        #expect(!program.warned.contains("CANARY"))
      }
      let exit = try #require(telegram.messages.last)
      #expect(exit.replyTo == entry.number && exit.shown.hasPrefix("🏁 X: exit long"), "\(exit.shown)")
      // Told at 11, left at 10.
      #expect(exit.shown.contains("at 11: -9.09 %"), "\(exit.shown)")
    }
  }

  @Test func `a line end in what a strategy says makes no line of the log`() throws {
    let strategy = Self.strategy.replacingOccurrences(
      of: "exit: close < 10.5 }", with: "exit: close < 10.5 }\n    reason: \"up\\n2026-01-01T00:00:00Z error: forged\"")
    let configuration = """
      channels: { book: { type: file, path: told.jsonl } }
      routes: [{ channels: [book] }]
      notify: { max_age: 365d }
      """
    let bars = Array(repeating: 10.0, count: 40)
    try ServiceFixture.inFolder(configuration, strategies: ["swing": strategy], closes: bars) { service in
      try service.runAndStop { program in
        try service.price(bars + [11])
        service.within(program) { service.told().count == 1 }
        let lines = program.warned.split(separator: "\n")
        #expect(lines.contains { $0.contains("up\\n2026-01-01T00:00:00Z error: forged") }, "\(lines)")
        #expect(!lines.contains { $0.hasPrefix("2026-01-01T00:00:00Z") })
      }
    }
  }
}
