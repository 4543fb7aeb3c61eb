import Foundation
import TestSupport
import Testing
import Trading

@testable import MarketData

@Suite struct PriceFileTests {
  static let samples = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Samples").path
  static let instrument = Instrument(symbol: "X")

  @Test(arguments: ["IXIC-1d.csv", "GSPC-1d.csv"]) func readsTheSamples(_ name: String) throws {
    let file = try PriceFile.read(path: "\(Self.samples)/\(name)", instrument: Self.instrument)
    #expect(file.series.count == 5031)
    #expect(file.series.timeframe == .day)
    #expect(file.series.times.first?.dateText == "1999-01-04")
    #expect(file.notices.isEmpty)
  }

  @Test func readsTheSamplesTheSameWayFieldByField() throws {
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: "\(Self.samples)/IXIC-1d.csv")))
    #expect(Self.read(bytes, plain: true) == Self.read(bytes, plain: false))
  }

  @Test func plainAndCarefulReadingAgreeOnDamagedFiles() throws {
    var random = SplitMix(seed: 7)
    let sound = Array(
      """
      timestamp,open,high,low,close,volume
      2024-01-02T09:30:00Z,100.25,101.125,99.5,100.75,12345
      2024-01-02T09:35:00Z,100.75,100.9999999,100.1,100.5,999
      2024-01-03 09:30:00,100.12345678901234567,102,99,101.00000000001,0
      2024-01-04,123456789.5,1234567890123456,1.00000000000000001,2,3
      1704441600,9,9,9,9,9

      """.utf8)
    let alphabet = Array("0123456789,.-+eE:TZ \"\n\r;nai\u{0}".utf8)
    for _ in 0..<20_000 {
      var bytes = sound
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        let byte = alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[place] = byte
        case 1: bytes.insert(byte, at: place)
        case 2: bytes.remove(at: place)
        default: bytes.removeSubrange(place...)
        }
        if bytes.isEmpty { break }
      }
      let text = String(decoding: bytes, as: UTF8.self)
      #expect(Self.read(bytes, plain: true) == Self.read(bytes, plain: false), "\(text)")
    }
  }

  @Test(arguments: ["\n", "\r\n", "\r"]) func aFileReadInPiecesGivesWhatItGivesWhole(_ lineEnd: String) throws {
    var random = SplitMix(seed: 5)
    var lines = ["date,open,high,low,close,volume"]
    for second in 0..<20_000 {
      lines.append("\(1_704_153_600 + second * 60),\(100 + second % 7).25,200.5,50,\(100 + second % 5),\(second)")
    }
    for faulty in [false, true] {
      if faulty {
        for _ in 0..<15 { lines[Int.random(in: 1..<lines.count, using: &random)] = "1704153600,1,x" }
        lines[9_000] = String(repeating: "7", count: 600_000)
      }
      let text = lines.joined(separator: lineEnd) + (faulty ? "" : lineEnd + lineEnd)
      let path = NSTemporaryDirectory() + "pieces-\(UUID().uuidString).csv"
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      defer { try? FileManager.default.removeItem(atPath: path) }
      let whole = Self.outcome { () throws(PriceFileError) in
        try PriceFile.parse(Array(text.utf8), name: path, instrument: Self.instrument)
      }
      for piece in [0, 262_145, 300_001, 1 << 19, 1 << 22] {
        let pieces = Self.outcome { () throws(PriceFileError) in
          try PriceFile.read(
            OpenFile(path, limit: 1 << 30), piece: piece, instrument: Self.instrument, timeframe: nil)
        }
        #expect(pieces == whole)
      }
    }
  }

  private static func outcome(_ read: () throws(PriceFileError) -> PriceFile) -> String {
    do throws(PriceFileError) {
      let series = try read().series
      return "\(series.timeframe) \(series.times.map(\.milliseconds)) \(series.block.map(\.bitPattern))"
    } catch {
      return "\(error)"
    }
  }

  @Test func randomBytesNeverTrap() {
    var random = SplitMix(seed: 11)
    let head = Array("date,open,high,low,close\n".utf8)
    for round in 0..<2_000 {
      let noise = (0..<Int.random(in: 0...300, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      _ = Self.read(round.isMultiple(of: 2) ? noise : head + noise, plain: true)
    }
  }

  @Test func tellsAMissingFileFromAFolder() {
    let missing = "/nonexistent/x.csv"
    #expect(throws: PriceFileError.notThere(file: missing)) {
      try PriceFile.read(path: missing, instrument: Self.instrument)
    }
    #expect(throws: PriceFileError.notAFile(file: "/tmp", what: "a folder")) {
      try PriceFile.read(path: "/tmp", instrument: Self.instrument)
    }
    #expect(throws: PriceFileError.notAFile(file: "/dev/zero", what: "a device")) {
      try PriceFile.read(path: "/dev/zero", instrument: Self.instrument)
    }
  }

  @Test func refusesAFileLargerThanTheLimitUnread() throws {
    let path = NSTemporaryDirectory() + "large-\(UUID().uuidString).csv"
    #expect(FileManager.default.createFile(atPath: path, contents: nil))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.truncate(atOffset: 1 << 31)
    try handle.close()
    #expect(throws: PriceFileError.tooLarge(file: path, bytes: 1 << 31, limit: 1 << 30)) {
      try PriceFile.read(path: path, instrument: Self.instrument)
    }
  }

  @Test func refusesALineLongerThanTheLimitAndReadsOn() throws {
    let long = String(repeating: "1", count: 70_000)
    let text = "date,open,high,low,close\n2024-01-02,1,2,1,\(long)\n2024-01-03,1,2,1,x\n"
    let error = try #require(throws: PriceFileError.self) {
      try PriceFile.parse(Array(text.utf8), name: "x.csv", instrument: Self.instrument)
    }
    #expect(
      error.description == """
        x.csv:2: the line has 70017 bytes; 65536 at most are admitted
        x.csv:3: close is 'x'; a number such as 101.25 is admitted
        """)
  }

  @Test func aGivenTimeframeIsKept() throws {
    let text = "date,open,high,low,close,volume\n2024-01-02,1,2,1,2,1\n2024-01-03,1,2,1,2,1\n"
    let file = try PriceFile.parse(
      Array(text.utf8), name: "x.csv", instrument: Self.instrument, timeframe: Timeframe(1, .week))
    #expect(file.series.timeframe == Timeframe(1, .week))
  }

  @Test func aRangeTakesItsStartAndLeavesItsEnd() throws {
    let text = "date,open,high,low,close,volume\n2024-01-02,1,2,1,2,1\n2024-01-03,2,3,2,3,2\n2024-01-04,3,4,3,4,3\n"
    let series = try PriceFile.parse(Array(text.utf8), name: "x.csv", instrument: Self.instrument).series
    let cut = series.opening(from: Instant("2024-01-03"), to: Instant("2024-01-04"))
    #expect(cut.times.map(\.dateText) == ["2024-01-03"])
    #expect(cut[0] == series[1])
    #expect(series.opening(from: nil, to: nil).count == 3)
    #expect(series.opening(from: Instant("2025-01-01"), to: Instant("2020-01-01")).count == 0)
  }

  /// The rows or the errors as text.
  private static func read(_ bytes: [UInt8], plain: Bool) -> String {
    var faults = FaultList()
    guard let header = PriceHeader.read(bytes.span, faults: &faults) else { return "\(faults.faults)" }
    let rows = bytes.span.extracting(min(header.rowsStart, bytes.count)..<bytes.count)
    var table = PriceTable(header: header, capacity: LineCount.lines(of: rows, lineEnd: header.lineEnd))
    table.read(rows, plain: plain)
    do throws(PriceFileError) {
      let series = try table.series(instrument: instrument, timeframe: nil, name: "x")
      return "\(series.times.map(\.milliseconds)) \(series.block.map(\.bitPattern))"
    } catch {
      return "\(error)"
    }
  }
}
