import Foundation
import Storage
import TestSupport
import Testing
import Trading

/// `finstage fetch` as a user runs it, against a server on loopback.
@Suite struct FetchCommandTests {
  private func atVenue(
    _ symbols: [String], settings: String = "", _ body: (LoopbackVenue, URL) throws -> Void
  ) throws {
    let venue = try LoopbackVenue()
    defer { venue.stop() }
    try CommandTests.inFolder(["config.yaml": venue.configuration(symbols, settings: settings)]) { folder in
      try body(venue, folder)
    }
  }

  /// The entries of `--format json` by symbol.
  private func collected(_ output: String) throws -> [String: [String: Any]] {
    let json = try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
    let entries = try #require(json["collected"] as? [[String: Any]])
    return Dictionary(uniqueKeysWithValues: entries.map { ($0["symbol"] as? String ?? "", $0) })
  }

  private let from = LoopbackVenue.date(daysAgo: 20)

  @Test func `what is fetched is listed as table and as JSON, and of progress nothing goes to a file`() throws {
    try atVenue(["A", "B"]) { venue, folder in
      let first = try CommandTests.finstage("fetch", "--from", from, "--format", "json", in: folder)
      #expect(first.code == 0 && !first.messages.contains("fetching") && !first.messages.contains("\u{1B}"))
      let entry = try #require(try collected(first.output)["A"])
      let start = try #require(Instant(from))
      let last = try #require((entry["last"] as? String).flatMap { Instant($0) })
      let bars = LoopbackVenue.bars("A", start..<last.advanced(by: 1))
      #expect(entry["new"] as? Int == bars.count && entry["bars"] as? Int == bars.count)
      #expect(entry["first"] as? String == bars.first.map { "\($0.time)" })
      #expect(entry["stale"] as? Bool == false && entry["error"] is NSNull)
      #expect(entry["source"] as? String == "venue" && entry["timeframe"] as? String == "1h")
      let asked = venue.requests.count
      let again = try CommandTests.finstage("fetch", "B", "A", "--from", from, in: folder)
      #expect(again.code == 0 && !again.messages.contains("fetching"))
      #expect(again.output.contains("up to date") && again.output.hasPrefix("symbol"))
      // A bar may have ended since, and then the last ones are asked for.
      #expect(venue.requests.count <= asked + 2)
    }
  }

  @Test func `a symbol that fails is named with source and cause, and the others come`() throws {
    try atVenue(["A", "BAD", "WORSE", "C"]) { venue, folder in
      venue.answer("BAD", with: .status(404))
      venue.answer("WORSE", with: .htmlInstead)
      let answer = try CommandTests.finstage(
        "fetch", "--from", from, "--jobs", "1", "--format", "json", in: folder)
      #expect(answer.code == 4)
      let lines = answer.messages.split(separator: "\n").filter { $0.hasPrefix("venue, ") }
      #expect(lines.count == 2, "\(answer.messages)")
      for (symbol, cause) in [("BAD", "404"), ("WORSE", "a page for people (HTML)")] {
        let line = try #require(lines.first { $0.contains("venue, \(symbol) 1h") })
        #expect(line.contains(cause))
      }
      let entries = try collected(answer.output)
      for symbol in ["A", "C"] { #expect(entries[symbol]?["new"] as? Int ?? 0 > 400) }
      for symbol in ["BAD", "WORSE"] {
        #expect(entries[symbol]?["bars"] as? Int == 0 && entries[symbol]?["stale"] is NSNull)
        #expect((entries[symbol]?["error"] as? String)?.contains(symbol) == true)
      }
      let all = try CommandTests.finstage("fetch", "BAD", "WORSE", "--from", from, in: folder)
      #expect(all.code == 3 && all.output.contains("nothing there"))
      let unknown = try CommandTests.finstage("fetch", "A", "NOBODY", "--from", from, in: folder)
      #expect(unknown.code == 4 && unknown.messages.contains("NOBODY: no item under collect: brings it"))
    }
  }

  @Test func `while a source fails, the last good bars stay and are said to be stale`() async throws {
    let venue = try LoopbackVenue()
    defer { venue.stop() }
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try venue.configuration(["A"], settings: "timeout: 3s").write(
      to: folder.appending(path: "config.yaml"), atomically: true, encoding: .utf8)
    // What was fetched twenty days ago.
    let start = try #require(Instant(LoopbackVenue.date(daysAgo: 30)))
    let bars = LoopbackVenue.bars("A", start..<start.advanced(by: 10 * 24 * LoopbackVenue.hour))
    let store = try SQLiteStore(SQLiteSettings(path: folder.appending(path: "data/f.db").path()), for: .writing)
    _ = try await store.save(
      PriceHistory(
        series: CandleSeries(instrument: Instrument(symbol: "A"), timeframe: Timeframe(1, .hour), candles: bars)),
      under: LoopbackVenue.key("A"), fetchedAt: start)
    try store.close()
    let before = try CommandTests.finstage("candles", "A", "--format", "csv", in: folder).output

    let faults: [FaultAnswer] = [
      .status(503), .tooMany(retryAfter: "3600"), .htmlInstead, .empty, .partial("{\"bars\": ["), .wrongGzip,
      .reset(), .silence, .garbage, .json("{\"bars\": [{\"t\": 1}]}"), .json("{\"bars\": 7}"),
    ]
    for fault in faults {
      venue.answer("A", with: fault)
      let answer = try CommandTests.finstage(
        "fetch", "--from", LoopbackVenue.date(daysAgo: 30), "--format", "json", in: folder)
      #expect(answer.code == 3 && answer.messages.hasPrefix("venue, A 1h: "), "\(answer.messages)")
      let entry = try #require(try collected(answer.output)["A"])
      #expect(entry["stale"] as? Bool == true && entry["bars"] as? Int == bars.count && entry["new"] as? Int == 0)
      #expect(try CommandTests.finstage("candles", "A", "--format", "csv", in: folder).output == before)
    }
    let table = try CommandTests.finstage("fetch", "--from", LoopbackVenue.date(daysAgo: 30), in: folder)
    #expect(table.output.contains("failed, kept, stale"))
    venue.answer("A", with: nil)
    let healed = try CommandTests.finstage(
      "fetch", "--from", LoopbackVenue.date(daysAgo: 30), "--format", "json", in: folder)
    #expect(healed.code == 0)
    #expect(try collected(healed.output)["A"]?["stale"] as? Bool == false)
    #expect(try CommandTests.finstage("candles", "A", "--format", "csv", in: folder).output.hasPrefix(before))
  }

  @Test(.timeLimit(.minutes(10)))
  func `Ctrl-C ends it between two answers, and the next run goes on there`() throws {
    try atVenue(["A", "B", "SLOW"], settings: "timeout: 60m\n    idle_timeout: 60m") { venue, folder in
      // Who waits for an answer is not held up by it.
      for (symbol, answered) in [("A", 3), ("B", 4), ("SLOW", 0)] {
        venue.answer(symbol, with: .silence, behind: answered)
      }
      let program = try RunningProgram(["fetch", "--from", from], in: folder)
      program.wait { venue.requests.count == 3 + 4 + 3 }
      program.interrupt()
      let answer = try program.end()
      #expect(answer.code == 130)
      #expect(answer.messages.hasSuffix("interrupted; the same command goes on where it ended\n"))
      #expect(!answer.messages.contains("venue, "), "\(answer.messages)")
      #expect(answer.output.hasPrefix("symbol"))
      let first = venue.requests
      for symbol in ["A", "B", "SLOW"] { venue.answer(symbol, with: nil) }
      venue.forgetRequests()
      #expect(try CommandTests.finstage("fetch", "--from", from, in: folder).code == 0)
      for symbol in ["A", "B", "SLOW"] {
        let asked = first.filter { $0.symbol == symbol }.map(\.range)
        let again = venue.requests.filter { $0.symbol == symbol }.map(\.range)
        // What had been answered is kept: the first question is the one that had no answer, from the three bars on
        // that are always looked at again.
        let (unanswered, next) = (try #require(asked.last?.lowerBound), try #require(again.first?.lowerBound))
        #expect(next <= unanswered && next >= unanswered.advanced(by: -4 * LoopbackVenue.hour))
        let listed = try CommandTests.finstage("candles", symbol, "--format", "csv", in: folder).output
        let start = try #require(Instant(from))
        let hours = listed.split(separator: "\n").dropFirst().map { String($0.prefix { $0 != "," }) }
        let last = try #require(hours.last.flatMap { Instant($0) })
        #expect(hours == LoopbackVenue.bars(symbol, start..<last.advanced(by: 1)).map { "\($0.time)" })
      }
    }
  }

  #if os(Linux)
  @Test func `progress is shown on a terminal`() throws {
    try atVenue(["A", "B"]) { _, folder in
      // A pair of ends of a terminal: unlocked (TIOCSPTLCK), and asked for its number (TIOCGPTN).
      let master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
      defer { close(master) }
      var (locked, number) = (Int32(0), Int32(0))
      #expect(ioctl(master, 0x4004_5431, &locked) == 0 && ioctl(master, 0x8004_5430, &number) == 0)
      let terminal = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
      let program = try RunningProgram(
        ["fetch", "--from", from], in: folder, terminal: FileHandle(fileDescriptor: terminal, closeOnDealloc: false))
      close(terminal)
      #expect(try program.end().code == 0)
      // What was written comes in as many parts as the kernel likes, and ends with an error.
      var shown = ""
      var bytes = [UInt8](repeating: 0, count: 4_096)
      while !shown.contains("2/2") {
        let count = read(master, &bytes, bytes.count)
        guard count > 0 else { break }
        shown += String(decoding: bytes.prefix(count), as: UTF8.self)
      }
      #expect(shown.contains("fetching") && shown.contains("1/2") && shown.contains("2/2"))
    }
  }
  #endif

  @Test func `what cannot be meant is refused`() throws {
    try atVenue(["A"]) { _, folder in
      for arguments in [["--from", "yesterday"], ["--jobs", "0"], ["--format", "xml"], ["--config", "none.yaml"]] {
        #expect(try CommandTests.run(["fetch"] + arguments, in: folder).code == 2)
      }
      let other = try CommandTests.finstage("fetch", "A", "--source", "other", in: folder)
      #expect(other.code == 3 && other.messages == "A: no item under collect: brings it from other\n")
    }
    try CommandTests.inFolder([:]) { folder in
      let answer = try CommandTests.finstage("fetch", in: folder)
      #expect(answer.code == 2 && answer.messages.contains("there is no config.yaml"))
    }
    let files = "sources: { f: { type: csv, path: p } }\ncollect: [{ source: f, symbols: [X], timeframe: 1d }]\n"
    try CommandTests.inFolder(["config.yaml": files]) { folder in
      let answer = try CommandTests.finstage("fetch", in: folder)
      #expect(answer.code == 0 && answer.messages == "f reads files, which need no fetching: X\n")
    }
  }

  @Test func `a place that the configuration does not allow is not asked`() throws {
    let venue = try LoopbackVenue()
    defer { venue.stop() }
    let configuration = venue.configuration(["A"]).replacing("allow_private: true", with: "")
    try CommandTests.inFolder(["config.yaml": configuration]) { folder in
      let answer = try CommandTests.finstage("fetch", in: folder)
      #expect(answer.code == 3 && answer.messages.contains("venue, A 1h: ") && answer.messages.contains("127.0.0.1"))
      #expect(venue.requests.isEmpty)
    }
  }
}
