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

  @Test func `symbols that move together are told of in one message that names them all`() throws {
    let strategy = Self.strategy.replacingOccurrences(of: "[\"@index\"]", with: "[X, Y, Z]")
    let configuration = """
      channels: { book: { type: file, path: told.jsonl } }
      routes: [{ channels: [book] }]
      notify: { max_age: 365d, group_by: correlation, group_wait: 2s, correlation: { sessions: 20 } }
      """
    let bars = Array(repeating: 10.0, count: 40)
    try ServiceFixture.inFolder(configuration, strategies: ["swing": strategy], closes: bars) { service in
      var config = try String(contentsOf: service.folder.appending(path: "config.yaml"), encoding: .utf8)
      config = config.replacingOccurrences(
        of: "collect: [{ source: files, symbols: [\"@index\"], timeframe: 1m }]",
        with: """
          collect:
            - { source: files, symbols: [X, Y, Z], timeframe: 1m }
            - { source: days, symbols: [X, Y, Z], timeframe: 1d }
          """
      ).replacingOccurrences(
        of: "path: \"prices/*.csv\" } }", with: "path: \"prices/*.csv\" }, days: { type: csv, path: \"days/*.csv\" } }")
      try service.write(config, to: "config.yaml")
      // Y does what X does, Z goes its own way.
      let today = Int(Date().timeIntervalSince1970) / 86_400
      for (symbol, sign) in [("X", 1.0), ("Y", 1.0), ("Z", 0.0)] {
        let days = (1...30).map { day in
          let move = Double((day * 7_919) % 11) - 5
          let own = Double((day * day * 104_729) % 13) - 6
          let close = 100 + sign * move + (1 - sign) * own
          return "\((today - 31 + day) * 86_400),\(close),\(close),\(close),\(close),100\n"
        }
        try service.write("timestamp,open,high,low,close,volume\n" + days.joined(), to: "days/\(symbol).csv")
        try service.price(bars, of: symbol)
      }
      try service.runAndStop { program in
        for symbol in ["X", "Y", "Z"] { try service.price(bars + [11], of: symbol) }
        service.within(program) {
          try service.outbox().components(separatedBy: "sent").count == 5
        }
        let told = service.told()
        #expect(told.contains { $0.contains("2 signals at once: X, Y") }, "\(told)")
        #expect(told.contains { $0.contains("\"Z: buy\"") || $0.contains("Z - Swing") }, "\(told)")
      }
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

  @Test func `prices that cannot be read are told once, stop no other symbol, and go on once they are mended`() throws {
    let configuration = """
      channels: { book: { type: file, path: told.jsonl } }
      routes: [{ channels: [book] }]
      notify: { max_age: 365d }
      """
    let bars = Array(repeating: 10.0, count: 40)
    let strategy = Self.strategy.replacingOccurrences(of: "[\"@index\"]", with: "[X, Y]")
    try ServiceFixture.inFolder(configuration, strategies: ["swing": strategy], closes: bars) { service in
      var config = try String(contentsOf: service.folder.appending(path: "config.yaml"), encoding: .utf8)
      config = config.replacingOccurrences(of: "symbols: [\"@index\"]", with: "symbols: [X, Y]")
      try service.write(config, to: "config.yaml")
      try service.write("timestamp,open,high,low,close,volume\n1,torn\n", to: "prices/Y.csv")
      try service.runAndStop { program in
        service.within(program) { service.told().contains { $0.contains("prices cannot be read") } }
        try service.price(bars + [11])
        service.within(program) { service.told().contains { $0.contains("X - Swing") } }
        try service.price(bars, of: "Y")
        service.within(program) { program.warned.contains("evaluate: 1 new bars, 0 signals, 0 corrected, 0 failed") }
        try service.price(bars + [11], of: "Y")
        service.within(program) { service.told().contains { $0.contains("Y - Swing") } }
        let told = service.told().filter { $0.contains("prices cannot be read") }
        #expect(told.count == 1 && told.first?.contains("Y.csv") == true, "\(told)")
        #expect(told.first?.contains("5 times in a row and is tried on") == true, "\(told)")
      }
    }
  }
}
