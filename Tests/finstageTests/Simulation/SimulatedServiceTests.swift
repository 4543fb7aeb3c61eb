import Foundation
import Logging
import Storage
import TestSupport
import Testing
import Trading

@testable import finstage

/// The whole way on a simulated clock: collected from a server, evaluated, saved, told.
@Suite struct SimulatedServiceTests {
  private static let minute: Int64 = 60_000

  @Test func `bars that close are collected, evaluated and told at the times of the handed-in clock`() async throws {
    let start = Instant(seconds: 1_772_841_600)
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let service = SimulatedService(from: start, in: folder, seed: 1, idle: 5_000)
    let venue = try SimulatedVenue(service.clock, bar: Self.minute)
    defer { venue.stop() }
    // Closes 100, 101, 100, 101, …: a call at each odd minute.
    venue.set(
      "X",
      (-30..<60).map { place in
        let close = 100 + Double(((place % 2) + 2) % 2)
        return Candle(
          time: start.advanced(by: Int64(place) * Self.minute), open: close, high: close + 1, low: close - 1,
          close: close, volume: 10)
      })
    try write(
      [
        "config.yaml": """
        locale: en
        strategies: strategies
        watchlists: { all: [X] }
        \(venue.configuration(["@all"], "1m"))
        channels: { book: { type: file, path: told.jsonl } }
        routes: [{ channels: [book] }]
        notify: { cooldown: 0, hourly_cap: 100 }
        schedule:
          - { job: collect, cron: "* * * * *" }
          - { job: evaluate, after: collect }

        """,
        "strategies/odd.yaml": """
        name: odd
        title: Odd minutes
        timeframe: 1m
        symbols: [X]
        pipeline:
          - { id: up, buy: close > 100.5, confidence: 80 }
        notify: { priority: high }

        """,
      ], in: folder)
    try service.start()
    await service.pass(30 * Self.minute + 30_000)
    try await service.stop()
    let store = try SQLiteStore(SQLiteSettings(path: folder.appending(path: "var/finstage.db").path()), for: .reading)
    let signals = try await store.signals(strategy: "odd", symbol: "X", limit: 100).sorted { $0.id < $1.id }
    try store.close()
    // The pass of 00:01 brings the symbol up, that of 00:02 shows what stands then; what comes later is saved.
    let expected = stride(from: Int64(3), through: 29, by: 2).map { start.advanced(by: $0 * Self.minute) }
    #expect(signals.map(\.record.signal.time) == expected, "\(service.log.last(40))")
    let told = try String(contentsOf: folder.appending(path: "told.jsonl"), encoding: .utf8)
    #expect(told.split(separator: "\n").count == expected.count)
    #expect(told.contains("2026-03-07T00:30:"), "told at the simulated time: \(told.prefix(300))")
    #expect(service.log.count(.error) == 0 && service.log.count(.warning) == 0, "\(service.log.last(40))")
  }
}

/// Writes files below a folder, which is made.
func write(_ files: [String: String], in folder: URL) throws {
  for (name, text) in files {
    let file = folder.appending(path: name)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: file, atomically: true, encoding: .utf8)
  }
}
