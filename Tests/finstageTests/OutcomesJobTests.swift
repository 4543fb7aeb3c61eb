import Foundation
import Storage
import TestSupport
import Testing
import Trading

/// The job `outcomes` in a running host: what was measured stands in the next message.
@Suite struct OutcomesJobTests {
  private static let configuration = """
    locale: en
    timezone: UTC
    strategies: strategies
    sources: { files: { type: csv, path: "prices/*.csv" } }
    collect: [{ source: files, symbols: [X], timeframe: 1d }]
    channels: { book: { type: file, path: told.jsonl } }
    routes: [{ channels: [book], cooldown: 0 }]
    notify: { max_age: 365d, hourly_cap: 100, filters: { samples: 6, success_rate: 30% } }
    schedule: [{ job: evaluate, every: 1s }, { job: outcomes, every: 1s }]

    """
  private static let strategy = """
    name: each
    timeframe: 1d
    symbols: [X]
    pipeline:
      - { id: up, buy: close > 1, confidence: 85 }
    emit: level
    notify: { priority: high }

    """

  /// Midnight eighty days ago: an older signal would be late, and wait for a digest.
  private static let begin = (Int(Date().timeIntervalSince1970) / 86_400 - 80) * 86_400

  /// Days: two up, two down.
  private func prices(_ days: Int) -> String {
    let closes = [10, 11, 12, 11]
    return OutcomesJobTests.table((0..<days).map { closes[$0 % 4] })
  }

  private static func table(_ closes: [Int]) -> String {
    var text = "timestamp,open,high,low,close,volume\n"
    for (day, close) in closes.enumerated() { text += "\(begin + day * 86_400),100,190,9,\(close),100\n" }
    return text
  }

  private func within(_ program: RunningProgram, _ isTrue: () -> Bool) {
    let end = Date().addingTimeInterval(120)
    program.wait { isTrue() || Date() > end }
    #expect(isTrue(), "\(program.warned.suffix(900))")
  }

  private func told(_ folder: URL) -> [String] {
    let text = (try? String(contentsOf: folder.appending(path: "told.jsonl"), encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map(String.init)
  }

  @Test func `what was measured stands in the next message, once there are samples enough`() throws {
    let files = [
      "config.yaml": OutcomesJobTests.configuration, "strategies/each.yaml": OutcomesJobTests.strategy,
      "prices/X.csv": prices(12),
    ]
    try CommandTests.inFolder(files) { folder in
      let program = try RunningProgram(["run"], in: folder)
      defer { if program.isRunning { _ = program.kill9() } }
      within(program) { program.warned.contains("evaluate: 0 new bars") }
      func write(_ days: Int) throws {
        try prices(days).write(to: folder.appending(path: "prices/X.csv"), atomically: true, encoding: .utf8)
      }
      // Signals of the days 13 to 21: eight of them end within.
      try write(21)
      within(program) { told(folder).count == 9 }
      #expect(told(folder).allSatisfy { $0.contains("Confidence: 85") })
      // Six horizons that days can show; 8 ended after 1d and 1b each, 4 after 5b, 2 after 1w.
      within(program) { program.warned.contains("54 outcomes of 1 symbols, 22 of them ended") }
      try write(22)
      within(program) { told(folder).count == 10 }
      // Of the closes behind the days 13 to 20 four rise (10 to 11, 11 to 12), as on every day since the first signal.
      #expect(
        told(folder).last?.contains("the author's confidence 85; measured 50 % of 8, base 50 %") == true,
        "\(told(folder).last ?? "")")
      program.interrupt()
      #expect(try program.end().code == 0)
    }
  }

  /// Up a point a day for 45 days, then down a point a day.
  private func turning(_ days: Int) -> String {
    OutcomesJobTests.table((0..<days).map { (day: Int) -> Int in day < 45 ? 100 + day : 188 - day })
  }

  @Test func `a strategy that stops doing what its history gave is told of once, and its calls no more`() throws {
    let files = [
      "config.yaml": OutcomesJobTests.configuration, "strategies/each.yaml": OutcomesJobTests.strategy,
      "prices/X.csv": turning(45),
    ]
    try CommandTests.inFolder(files) { folder in
      let program = try RunningProgram(["run"], in: folder)
      defer { if program.isRunning { _ = program.kill9() } }
      within(program) { program.warned.contains("evaluate: 0 new bars") }
      func write(_ days: Int) throws {
        try turning(days).write(to: folder.appending(path: "prices/X.csv"), atomically: true, encoding: .utf8)
      }
      func drifts() -> [String] { told(folder).filter { $0.contains("history gave") } }
      try write(60)
      within(program) { !drifts().isEmpty }
      // Of 45 outcomes before the first stored signal 44 came true: 98 %, and 88 % is the end of Wilson's interval.
      let text = drifts().first ?? ""
      #expect(text.contains("each") && text.contains("in 0 % of") && text.contains("98 %, 88 % at least"), "\(text)")
      let before = told(folder).count
      #expect(before == 16)
      // None of 14 came true: the filter asks for 30 %.
      try write(61)
      within(program) { program.warned.contains("evaluate: 1 new bars, 1 signals") }
      program.interrupt()
      #expect(try program.end().code == 0)
      #expect(told(folder).count == before && drifts().count == 1, "\(told(folder).suffix(3))")
      let listed = try CommandTests.finstage("performance", "--format", "json", in: folder)
      #expect(listed.output.contains("\"raised_at\"") && listed.code == 0)
    }
  }
}
