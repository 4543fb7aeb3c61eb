#if os(Linux)
import Foundation
import Synchronization
import TestSupport
import Testing

/// What the whole program holds at most while a server tries to fill its memory. `make soak-fetch` asks by every source
/// and prints the table that stands in docs/fetching.md; the plain run asks by the one
/// whose answers have the loosest form, and not for what takes a debug build long.
@Suite(.serialized) struct FetchMemoryTests {
  private static let isSoak = ProcessInfo.processInfo.environment["KILLS"] != nil

  /// A source's part of a configuration.
  private struct Asker {
    let type: String
    var settings = ["base_url: URL"]
    /// An answer of about so many bytes that the source reads to its end.
    var sound: @Sendable (_ bytes: Int) -> [UInt8]
  }

  /// The unit again and again, between two ends.
  private static func rows(_ bytes: Int, _ start: String, _ row: String, _ end: String) -> [UInt8] {
    let row = Array("\(row),".utf8)
    var text = Array(start.utf8)
    text.reserveCapacity(bytes)
    while text.count + row.count + end.utf8.count < bytes { text += row }
    text.removeLast()
    return text + Array(end.utf8)
  }

  private static let list = { @Sendable (bytes: Int) in rows(bytes, "[", "[1700000000,1,2,1,2,3]", "]") }

  private static let askers = [
    Asker(type: "yahoo", sound: { rows($0, "{\"chart\":{\"result\":[{\"timestamp\":[", "1700000000", "]}]}}") }),
    Asker(
      type: "stooq",
      sound: { bytes in
        let line = Array("2024-01-02,1,2,1,2,3\n".utf8)
        return Array("Date,Open,High,Low,Close,Volume\n".utf8) + (0..<bytes / line.count - 2).flatMap { _ in line }
      }), Asker(type: "binance", sound: list), Asker(type: "coinbase", sound: list),
    Asker(
      type: "kraken", sound: { rows($0, "{\"error\":[],\"result\":{\"X\":[", "[1700000000,1,2,1,2,1,3,4]", "]}}") }),
    Asker(
      type: "alpha_vantage", settings: ["base_url: URL", "key: \"four-and-twenty\(CommandTests.reference)\""],
      sound: { rows($0, "{\"Time Series (Daily)\":{", "\"2024-01-02\":{\"1. open\":\"1\",\"4. close\":\"2\"}", "}}") }),
    Asker(
      type: "http_json",
      settings: [
        "url: URL/x?s={symbol}", "timeframes: { 1d: d }", "rows: .", "time: 0", "open: 1", "high: 2", "low: 3",
        "close: 4",
      ], sound: list),
    Asker(
      type: "http_csv", settings: ["url: URL/x?s={symbol}", "timeframes: { 1d: d }"],
      sound: { bytes in
        let line = Array("2024-01-02,1,2,1,2,3\n".utf8)
        return Array("date,open,high,low,close,volume\n".utf8) + (0..<bytes / line.count - 2).flatMap { _ in line }
      }),
  ]

  /// What the server does, and how many megabytes beyond those of a refusal that may cost.
  private static func faults(_ asker: Asker) -> [(name: String, answer: FaultAnswer, bound: Int)] {
    let quick: [(String, FaultAnswer, Int)] = [
      ("404", .status(404), 0), ("endless body", .endless(), 48), ("gzip bomb", .gzipBomb(), 48),
      ("slow trickle", .drip(every: 20), 8), ("endless header", .longHeader, 8),
      ("31 MB of `[`", .reply([UInt8](repeating: UInt8(ascii: "["), count: 31_000_000)), 160),
    ]
    guard isSoak else { return quick }
    return quick + [
      ("31 MB of `1,`", .reply(rows(31_000_000, "[", "1", "]")), 224),
      ("31 MB of rows", .reply(asker.sound(31_000_000)), 224),
    ]
  }

  private static func configuration(_ asker: Asker, _ server: FaultServer) -> String {
    """
    storage: { sqlite: data/f.db }
    sources:
      s:
        type: \(asker.type)
        \(asker.settings.joined(separator: "\n    ").replacing("URL", with: server.url))
        rate: 1000000/s
        retries: 0
        timeout: 2s
        allow_private: true
    collect: [{ source: s, symbols: [X], timeframe: 1d, exchange: XNYS }]

    """
  }

  @Test(.timeLimit(.minutes(10))) func `whatever a server sends, a fetch holds no more than its bound`() throws {
    let which = Mutex<FaultAnswer>(.empty)
    let server = try FaultServer { _, _ in which.withLock { $0 } }
    defer { server.stop() }
    var table: [[String]] = []
    for asker in FetchMemoryTests.askers where FetchMemoryTests.isSoak || asker.type == "http_csv" {
      let files = ["config.yaml": FetchMemoryTests.configuration(asker, server)]
      try CommandTests.inFolder(files) { folder in
        let faults = FetchMemoryTests.faults(asker)
        if table.isEmpty { table = [["source"] + faults.map(\.name), ["---"] + faults.map { _ in "---:" }] }
        var peaks: [Int] = []
        for fault in faults {
          which.withLock { $0 = fault.answer }
          let program = try RunningProgram(["fetch"], in: folder)
          let peak = program.peakMegabytes()
          let answer = try program.end()
          #expect(peak > 0 && [0, 3].contains(answer.code))
          #expect(answer.messages.utf8.count < 1_000, "\(fault.name)")
          peaks.append(peak)
          let plain = peaks.first ?? 0
          #expect(peak - plain <= fault.bound, "\(asker.type), \(fault.name): \(peak) MB, \(plain) MB before")
        }
        table.append(["`\(asker.type)`"] + peaks.map { "\($0)" })
      }
    }
    if FetchMemoryTests.isSoak { for row in table { print("| \(row.joined(separator: " | ")) |") } }
  }
}

extension RunningProgram {
  /// The most memory that it ever held, by the kernel's own mark. Asked every half millisecond until it ends, so that
  /// only what it takes within its very last moment is not in it.
  fileprivate func peakMegabytes() -> Int {
    var peak = 0
    while isRunning {
      if let status = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8),
        let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
        let kilobytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) })
      {
        peak = max(peak, kilobytes)
      }
      usleep(500)
    }
    return (peak + 999) / 1_000
  }
}
#endif
