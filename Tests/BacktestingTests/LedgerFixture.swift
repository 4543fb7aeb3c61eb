import Foundation
import Trading

@testable import Backtesting

/// Trials and files for the tests of the ledger.
protocol LedgerFixture {}

extension LedgerFixture {
  /// A trial of a configuration numbered `number`, on bars `bars` of a daily series.
  func trial(
    _ number: UInt128, _ name: String = "s", symbol: String = "X", bars: Range<Int> = 0..<100, sharpe: Double = 0.1,
    source: String? = "name: s\n"
  ) -> Trial {
    let times = bars.map { day($0) }
    let calendar = CalendarBlocks(times)
    let returns = bars.map { sharpe * 0.01 + 0.01 * cos(Double($0) * Double(number % 7 + 1)) }
    return Trial(
      TrialConfiguration(hash: ConfigurationHash(value: number), options: "fee=0", source: source), strategy: name,
      params: ["a.b": 2.5], symbol: symbol, timeframe: .day, dates: day(bars.lowerBound)...day(bars.upperBound - 1),
      bars: bars.count,
      moments: ReturnMoments(count: bars.count, mean: sharpe * 0.01, deviation: 0.01, skewness: -0.25, kurtosis: 4),
      blocks: calendar.sums(returns), calendar: calendar)
  }

  /// A file of its own that goes with the test.
  func file(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.appending(path: "deep/trials.jsonl").path())
  }

  func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }

  func append(_ text: String, to path: String) throws {
    let handle = try FileHandle(forWritingTo: URL(filePath: path))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data(text.utf8))
    try handle.close()
  }
}
