import Foundation
import Testing
import Trading

@testable import MarketData

/// Histories for the tests of quality: real ones, and what is done to them.
enum Histories {
  static let samples = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../Samples").path

  static func sample(_ name: String) throws -> PriceRows {
    try HistoryFile.read(path: "\(samples)/\(name)", instrument: Instrument(symbol: "X")).rows
  }

  static func read(_ text: String) throws -> PriceRows {
    try HistoryFile.parse(Array(text.utf8), name: "t.csv", instrument: Instrument(symbol: "X")).rows
  }

  /// Weekdays from 2024-01-01 on, each with the given close; open, high and low stand close to it, volume varies.
  static func weekdays(closes: [Double]) -> PriceRows {
    var times: [Instant] = []
    var day = 19_723
    while times.count < closes.count {
      let time = Instant(seconds: Int64(day) * 86_400)
      if time.weekday < 6 { times.append(time) }
      day += 1
    }
    let columns = [
      closes.map { $0 * 0.999 }, closes.map { $0 * 1.004 }, closes.map { $0 * 0.996 }, closes,
      closes.indices.map { Double(1_000 + $0 % 7 * 10) },
    ]
    return PriceRows(instrument: Instrument(symbol: "X"), timeframe: .day, times: times, columns: columns)
  }

  /// 120 closes that wander between 95 and 105 without two alike.
  static let wandering: PriceRows = {
    let closes = (0..<120).map { (bar: Int) -> Double in
      let wave = Double(bar * 37 % 41 - 20) / 8
      return 100 + wave + Double(bar % 13) / 10
    }
    return weekdays(closes: closes)
  }()

  static func findings(
    _ kind: QualityKind, _ rows: PriceRows, _ rules: QualityRules = QualityRules()
  ) -> [QualityFinding] {
    QualityReport.check(rows, rules: rules).findings.filter { $0.kind == kind }
  }
}
