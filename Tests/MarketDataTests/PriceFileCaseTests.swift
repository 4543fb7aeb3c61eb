import Foundation
import MarketData
import Testing
import Trading

/// Golden cases: `Cases/NAME.csv` with `NAME.expected` (the errors) or `NAME.rows` (the rows and notices). A case is
/// added by adding a file; with RECORD_CASES=1 the missing answer is written, to be read and judged before it is kept.
@Suite struct PriceFileCaseTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Cases")

  static var names: [String] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return files.filter { $0.hasSuffix(".csv") }.map { String($0.dropLast(4)) }.sorted()
  }

  @Test func thereAreCases() {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: Self.folder.path)) ?? []
    #expect(files.count { $0.hasSuffix(".expected") } >= 20)
    #expect(files.count { $0.hasSuffix(".rows") } >= 12)
  }

  @Test(arguments: names) func readsAsExpected(_ name: String) throws {
    let bytes = [UInt8](try Data(contentsOf: Self.folder.appending(path: "\(name).csv")))
    let (found, suffix) = Self.outcome(bytes, name: "\(name).csv")
    let answer = Self.folder.appending(path: "\(name).\(suffix)")
    if !FileManager.default.fileExists(atPath: answer.path),
      ProcessInfo.processInfo.environment["RECORD_CASES"] == "1"
    {
      try found.write(to: answer, atomically: true, encoding: .utf8)
    }
    let expected = try String(contentsOf: answer, encoding: .utf8)
    #expect(found == expected)
  }

  private static func outcome(_ bytes: [UInt8], name: String) -> (text: String, suffix: String) {
    do {
      let file = try PriceFile.parse(bytes, name: name, instrument: Instrument(symbol: "X"))
      return (canonical(file), "rows")
    } catch {
      return ("\(error)\n", "expected")
    }
  }

  /// The timeframe, the notices and a line a row.
  private static func canonical(_ file: PriceFile) -> String {
    var lines = ["# \(file.series.timeframe)"] + file.notices.map { "# \($0)" }
    for bar in 0..<file.series.count {
      let candle = file.series[bar]
      let values = [candle.open, candle.high, candle.low, candle.close, candle.volume]
      lines.append(([candle.time.description] + values.map { "\($0)" }).joined(separator: ","))
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
