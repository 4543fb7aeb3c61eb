import Foundation
import Logging
import Storage
import TestSupport
import Testing
import Trading

@testable import finstage

/// Recorded bars go through the whole service, one after another on a simulated clock: fetched from a server, stored,
/// evaluated, saved. What is then stored is compared with what `finstage backtest` says of a file of the same bars.
/// A day of minute bars besides: DAY=FILE.csv swift test --filter RecordedDay
@Suite struct RecordedDayTests {
  static let recordings: [Recording] = {
    let day = ProcessInfo.processInfo.environment["DAY"]
    return [try? Recording.sessions(), day.flatMap { try? Recording.minutes($0) }].compactMap { $0 }
  }()

  @Test(arguments: recordings)
  func `what a service has stored of recorded bars is what a backtest says, byte for byte`(
    _ recording: Recording
  ) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let times = try #require(recording.bars["A"]).map(\.time)
    let start = times[recording.history - 1].advanced(by: recording.known - (recording.known > 60_000 ? 0 : 30_000))
    let service = SimulatedService(from: start, in: folder, seed: 7, idle: recording.look)
    let venue = try SimulatedVenue(service.clock, bar: recording.known)
    defer { venue.stop() }
    for (symbol, bars) in recording.bars { venue.set(symbol, bars) }
    try write(
      recording.strategies.merging([
        "config.yaml": """
        strategies: strategies
        \(venue.configuration(["A", "B"], recording.timeframe, exchange: recording.exchange))
        schedule:
        \(recording.schedule)

        """
      ]) { first, _ in first }, in: folder)

    try service.start()
    // Two looks before the next bar, or two bars: from then on all is saved.
    var places = recording.history..<recording.history
    if recording.known <= 60_000 {
      await service.pass(2 * recording.look)
      places = recording.history + 1..<recording.history + 1
    } else {
      await service.pass(recording.look)
    }
    let saved = places.lowerBound
    let restart = (saved + times.count) / 2
    var corrected: Instant?
    for place in saved..<times.count {
      await service.pass(to: times[place].advanced(by: recording.known + recording.look))
      if place == restart {
        try await service.stop()
        try service.start()
      }
      if place > restart + 2, place < times.count - 3, corrected == nil {
        corrected = try await correct(venue, at: place, times, folder)
      }
    }
    try await service.stop()
    #expect(service.log.count(.error) == 0, "\(service.log.last(30))")
    #expect(corrected != nil, "no signal was there to be corrected: \(service.log.last(12))")

    for symbol in ["A", "B"] {
      try write(["\(symbol).csv": Recording.csv(venue.bars(symbol))], in: folder)
    }
    var arguments = ["backtest", "strategies", "--data", "A=A.csv", "--data", "B=B.csv", "--format", "json"]
    arguments += ["--ledger", "none"] + (recording.exchange.map { ["--exchange", $0] } ?? [])
    let answer = try CommandTests.run(arguments, in: folder)
    #expect(answer.code == 0, "\(answer.messages)")
    let expected = try BacktestSignals(answer.output).of
    let stored = try await stored(in: folder)
    var count = 0
    for (subject, rows) in expected {
      let wanted = rows.filter { $0.bar >= saved }.map(\.text)
      #expect(stored[subject, default: []] == wanted, "\(subject)")
      count += wanted.count
    }
    #expect(Set(stored.keys).isSubset(of: expected.keys) && expected.count == 13)
    #expect(count > 100)
    let differing = expected.filter { subject, rows in
      stored[subject, default: []] != rows.filter { $0.bar >= saved }.map(\.text)
    }
    print(
      "recorded \(recording.name): \(times.count - saved) bars of 2 symbols, \(count) signals of \(expected.count) "
        + "strategies and symbols, \(differing.count) of them not as in the backtest; a restart, a corrected bar")
  }

  /// Where a signal of the last two bars is stored, the venue puts that bar right. Gives the bar's opening.
  private func correct(
    _ venue: SimulatedVenue, at place: Int, _ times: [Instant], _ folder: URL
  ) async throws -> Instant? {
    let fresh = Set(times[place - 2..<place])
    guard let signal = try await signals(in: folder).first(where: { fresh.contains($0.record.signal.time) }) else {
      return nil
    }
    let (symbol, time) = (signal.record.symbol, signal.record.signal.time)
    venue.set(
      symbol,
      venue.bars(symbol).map { bar in
        guard bar.time == time else { return bar }
        let close = bar.close * (signal.record.signal.direction == .buy ? 0.985 : 1.015)
        return Candle(
          time: time, open: bar.open, high: max(bar.high, close), low: min(bar.low, close), close: close,
          volume: bar.volume)
      })
    return time
  }

  private func signals(in folder: URL) async throws -> [StoredSignal] {
    let store = try SQLiteStore(SQLiteSettings(path: folder.appending(path: "var/finstage.db").path()), for: .reading)
    let signals = try await store.signals(strategy: nil, symbol: nil, limit: 100_000)
    try store.close()
    return signals
  }

  /// The signals that stand, as a backtest writes them.
  private func stored(in folder: URL) async throws -> [String: [String]] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    var rows: [String: [(bar: Int, text: String)]] = [:]
    let all = try await signals(in: folder)
    #expect(all.contains { $0.retractedAt != nil }, "the corrected bar has taken no signal back")
    // The store gives the latest first; of one bar, too, a backtest gives the first first.
    for one in all.reversed() where one.retractedAt == nil {
      let signal = one.record.signal
      let row = Row(
        bar: signal.bar, confidence: signal.confidence, direction: signal.direction.rawValue, price: signal.price,
        reason: signal.reason, time: "\(signal.time)")
      let text = String(decoding: try encoder.encode(row), as: UTF8.self)
      rows["\(one.record.strategy) \(one.record.symbol)", default: []].append((signal.bar, trimmed(text)))
    }
    return rows.mapValues { $0.sorted { $0.bar < $1.bar }.map(\.text) }
  }

  private struct Row: Encodable {
    let bar: Int
    let confidence: Double
    let direction: String
    let price: Double
    let reason, time: String
  }
}

/// The signals in a backtest's JSON, each as it stands there but for the indentation.
private struct BacktestSignals {
  /// By strategy and symbol.
  let of: [String: [(bar: Int, text: String)]]

  init(_ json: String) throws {
    let root = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
    let entries = try #require(root?["strategies"] as? [[String: Any]])
    let lists = json.components(separatedBy: "\n      \"signals\" : [\n").dropFirst()
    var found: [String: [(bar: Int, text: String)]] = [:]
    var next = lists.makeIterator()
    for entry in entries {
      let subject = "\(entry["name"] ?? "") \(entry["symbol"] ?? "")"
      found[subject] = []
      guard let signals = entry["signals"] as? [[String: Any]], !signals.isEmpty else { continue }
      let following = next.next()
      let list = try #require(following)
      let end = try #require(list.range(of: "\n      ]"))
      let texts = list[..<end.lowerBound].components(separatedBy: ",\n        {").map { text in
        trimmed(text.hasPrefix("        {") ? text : "{" + text)
      }
      #expect(texts.count == signals.count)
      found[subject] = zip(signals, texts).map { ($0["bar"] as? Int ?? -1, $1) }
    }
    of = found
  }
}

private func trimmed(_ text: String) -> String {
  text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: "\n")
}
