import Foundation
import TestSupport
import Testing
import Trading

@testable import Storage

/// The whole program is killed wherever it is in a back-fill. What the venue saw proves what had been kept: a symbol's
/// next answer is asked for only after the last one is on the disk.
///
/// KILLS says how often, SEED which points; `make soak-fetch` kills a hundred times.
@Suite(.serialized) struct FetchKillTests {
  private static let environment = ProcessInfo.processInfo.environment
  private static let kills = environment["KILLS"].flatMap { Int($0) } ?? 4
  private static let seed = environment["SEED"].flatMap { UInt64($0) } ?? 5
  private static let symbols = ["A", "B", "C"]
  private static let from = LoopbackVenue.date(daysAgo: 42)

  /// Everything that one database went through.
  private struct History {
    let folder: URL
    /// Stretches of which the answers were kept, by symbol.
    var acknowledged: [String: [Range<Instant>]] = [:]

    var database: String { folder.appending(path: "data/f.db").path() }
  }

  private func fetch(_ folder: URL) throws -> RunningProgram {
    try RunningProgram(["fetch", "--from", FetchKillTests.from], in: folder)
  }

  private func newHistory(_ venue: LoopbackVenue, in root: URL) throws -> History {
    let folder = root.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try venue.configuration(FetchKillTests.symbols)
      .write(to: folder.appending(path: "config.yaml"), atomically: true, encoding: .utf8)
    return History(folder: folder)
  }

  @Test func `kill -9 at any point of a back-fill loses nothing, and the next fetch ends as an unbroken one`()
    async throws
  {
    var random = SplitMix(seed: FetchKillTests.seed)
    print("seed \(FetchKillTests.seed): SEED=\(FetchKillTests.seed) kills at the same points again")
    let venue = try LoopbackVenue()
    defer { venue.stop() }
    let root = FileManager.default.temporaryDirectory.appending(path: "kill-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: root) }

    let unbroken = try newHistory(venue, in: root)
    #expect(try fetch(unbroken.folder).end().code == 0)
    let requests = venue.requests.count
    let whole = try candles(unbroken.folder)

    var history = try newHistory(venue, in: root)
    var (killed, acknowledgements, ends) = (0, 0, 0)
    while killed < FetchKillTests.kills {
      venue.forgetRequests()
      // One in five while it starts: the file is made, the schema is written.
      let startsUp = Int.random(in: 0..<5, using: &random) == 0
      let request = Int.random(in: 1...max(2, requests / 2), using: &random)
      let microseconds = UInt32.random(in: 0...(startsUp ? 120_000 : 4_000), using: &random)
      let runsToItsEnd = Int.random(in: 0..<3, using: &random) == 0
      let program = try fetch(history.folder)
      if !startsUp { program.wait { venue.requests.count >= request } }
      usleep(microseconds)
      let wasKilled = program.kill9()
      if !wasKilled { #expect(try program.end().code == 0) }
      killed += wasKilled ? 1 : 0

      for symbol in FetchKillTests.symbols {
        let asked = venue.requests.filter { $0.symbol == symbol }.map(\.range)
        let kept = asked.dropLast(wasKilled ? 1 : 0)
        history.acknowledged[symbol, default: []] += kept
        acknowledgements += kept.count
      }
      try await check(history)
      guard runsToItsEnd || !wasKilled else { continue }
      #expect(try fetch(history.folder).end().code == 0)
      try await check(history)
      let (left, right) = (try await holes(history), try await holes(unbroken))
      #expect(left == right)
      // An hour may have ended since, and brought one more bar.
      for (broken, whole) in zip(try candles(history.folder), whole) { #expect(broken.starts(with: whole)) }
      ends += 1
      try FileManager.default.removeItem(at: history.folder)
      history = try newHistory(venue, in: root)
    }
    #expect(acknowledgements > 0)
    print("\(killed) kills, \(acknowledgements) answers acknowledged before them, \(ends) back-fills ended")
  }

  /// Sound pages and checksums; every answer whole or not there; nothing acknowledged lost, nothing twice.
  private func check(_ history: History) async throws {
    guard FileManager.default.fileExists(atPath: history.database) else {
      #expect(!history.acknowledged.values.contains { !$0.isEmpty })
      return
    }
    // Killed while the file was being made, it may be empty; whoever writes next makes it whole.
    let store = try SQLiteStore(SQLiteSettings(path: history.database), for: .writing)
    #expect(try await Diagnosis.faults(of: history.database) == [])
    for symbol in FetchKillTests.symbols {
      let key = LoopbackVenue.key(symbol)
      let series = try await store.history(key).series
      let there = (0..<series.count).map { series[$0] }
      let answered = try await store.asked(of: key).flatMap { LoopbackVenue.bars(symbol, $0) }
      #expect(there == answered, "\(symbol): the bars are not those of whole answers")
      let times = Set(there.map(\.time))
      for range in history.acknowledged[symbol] ?? [] {
        let lost = LoopbackVenue.bars(symbol, range).filter { !times.contains($0.time) }
        #expect(lost.isEmpty, "\(symbol): acknowledged and lost: \(lost.map(\.time))")
      }
    }
    try store.close()
  }

  /// What the user sees, byte for byte.
  private func candles(_ folder: URL) throws -> [[UInt8]] {
    try FetchKillTests.symbols.map { symbol in
      let answer = try CommandTests.finstage("candles", symbol, "--format", "csv", in: folder)
      #expect(answer.code == 0 && answer.output.count > 1_000)
      return Array(answer.output.utf8)
    }
  }

  /// Of each symbol, the hours that the source is known to lack and that were settled when the test began.
  private func holes(_ history: History) async throws -> [[Range<Instant>]] {
    let store = try SQLiteStore(SQLiteSettings(path: history.database), for: .reading)
    let settled = Instant(seconds: Int64(Date().timeIntervalSince1970) - 5 * 86_400)
    var holes: [[Range<Instant>]] = []
    for symbol in FetchKillTests.symbols {
      holes.append(try await store.holes(of: LoopbackVenue.key(symbol)).filter { $0.upperBound < settled })
    }
    try store.close()
    #expect(holes.allSatisfy { $0.count > 5 })
    return holes
  }
}
