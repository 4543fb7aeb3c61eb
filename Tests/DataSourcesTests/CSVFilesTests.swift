import Foundation
import PluginKit
import Testing
import Trading

@testable import DataSources

@Suite struct CSVFilesTests {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized.path

  @Test(arguments: ["Samples/*.csv", "Samples", "Samples/", "Samples/IXIC-1d.csv", "./Samples/I*.csv"])
  func findsTheFileOfASymbol(_ path: String) async throws {
    let source = try CSVFiles(settings: ["path": .text(path)], host: host(Self.root))
    let series = try await source.history(of: Instrument(symbol: "^IXIC"), timeframe: .day, from: nil, to: nil).series
    #expect(series.count == 5031)
    #expect(series.instrument.symbol == "^IXIC")
  }

  @Test func givesTheRangeAskedFor() async throws {
    let source = try CSVFiles(settings: ["path": "Samples/*.csv"], host: host(Self.root))
    let series = try await source.history(
      of: Instrument(symbol: "^IXIC"), timeframe: .day, from: Instant("1999-01-05"), to: Instant("1999-01-07")
    ).series
    #expect(series.times.map(\.dateText) == ["1999-01-05", "1999-01-06"])
  }

  @Test func namesTheFilesWhereNoneFits() async throws {
    let source = try CSVFiles(settings: ["path": "Samples/*.csv"], host: host(Self.root))
    let error = await #expect(throws: DataSourceError.self) {
      try await source.history(of: Instrument(symbol: "^X"), timeframe: .day, from: nil, to: nil)
    }
    #expect(
      error?.description == """
        ^X: there is no 1d file in Samples/*.csv (X-1d.csv or X.csv or ^X-1d.csv or ^X.csv); \
        found GSPC-1d.csv, IXIC-1d.csv
        """)
  }

  @Test func refusesTwoFilesThatFit() async throws {
    try await withFolder(["IXIC.csv": daily, "IXIC-1d.csv": daily, "IXIC-1h.csv": daily]) { folder in
      let source = try CSVFiles(settings: ["path": .text(folder)], host: host("/nowhere"))
      let error = await #expect(throws: DataSourceError.self) {
        try await source.history(of: Instrument(symbol: "^IXIC"), timeframe: .day, from: nil, to: nil)
      }
      #expect(error?.description == "^IXIC: 2 files in \(folder) fit: IXIC-1d.csv, IXIC.csv; one is admitted")
    }
  }

  @Test func refusesBarsFinerThanTheTimeframe() async throws {
    let hourly = daily.replacingOccurrences(of: "2024-01-03", with: "2024-01-02T01:00:00Z")
    try await withFolder(["ES-F.csv": hourly]) { folder in
      let source = try CSVFiles(settings: ["path": "*.csv"], host: host(folder))
      let error = await #expect(throws: DataSourceError.self) {
        try await source.history(of: Instrument(symbol: "ES=F"), timeframe: .day, from: nil, to: nil)
      }
      #expect(error?.description == "\(folder)/ES-F.csv: its bars are 1h apart, where 1d is asked for")
    }
  }

  @Test func aFolderWithPatternLettersInItsNameIsTakenAsItIs() async throws {
    try await withFolder(["A.csv": daily], named: "odd[1]*?") { folder in
      let source = try CSVFiles(settings: ["path": "*.csv"], host: host(folder))
      #expect(
        try await source.history(of: Instrument(symbol: "A"), timeframe: .day, from: nil, to: nil).series.count == 2)
    }
  }

  @Test(arguments: [
    ("^IXIC", ["IXIC-1d", "IXIC", "^IXIC-1d", "^IXIC"]),
    ("3988.HK", ["3988-HK-1d", "3988-HK", "3988.HK-1d", "3988.HK"]),
    ("ES=F", ["ES-F-1d", "ES-F", "ES=F-1d", "ES=F"]), ("AAPL", ["AAPL-1d", "AAPL"]), ("삼성", ["삼성-1d", "삼성"]),
  ])
  func stemsFollowTheSymbol(_ symbol: String, _ stems: [String]) {
    #expect(CSVFiles.stems(of: symbol, timeframe: .day) == stems)
  }

  @Test func aPathIsNeeded() {
    #expect(throws: DataSourceError.self) { try CSVFiles(settings: [:], host: host("")) }
  }

  private func host(_ folder: String) -> SourceHost {
    SourceHost(baseDirectory: folder, web: NoWeb(), now: { Instant(seconds: 0) })
  }

  @Test func theListIsAlphabeticalAndHoldsEveryFile() throws {
    let ids = dataSources.map { $0.id }
    #expect(ids == ids.sorted())
    let files = try FileManager.default.contentsOfDirectory(atPath: "\(Self.root)/Plugins/DataSources")
    let sources = try files.filter { $0.hasSuffix(".swift") }.filter { name in
      try String(contentsOfFile: "\(Self.root)/Plugins/DataSources/\(name)", encoding: .utf8).contains(": DataSource {")
    }
    #expect(Set(sources.map { String($0.dropLast(6)) }) == Set(dataSources.map { "\($0)" }))
  }

  private let daily = "date,open,high,low,close,volume\n2024-01-02,1,2,1,2,5\n2024-01-03,1,2,1,2,5\n"

  private func withFolder(
    _ files: [String: String], named name: String = "", _ body: (String) async throws -> Void
  ) async throws {
    let folder = NSTemporaryDirectory() + "csv-files-\(UUID().uuidString)\(name)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (file, text) in files { try text.write(toFile: "\(folder)/\(file)", atomically: true, encoding: .utf8) }
    try await body(folder)
  }
}

/// Files need no network: whoever asks for it here is wrong.
private struct NoWeb: WebClient {
  func send(_ request: WebRequest) async throws(WebError) -> WebResponse {
    throw WebError(.forbiddenAddress, "\(request.url) was asked for by a source of files")
  }
}
