import Foundation
import Testing
import Trading

@testable import MarketData

/// What was paid, read from files. The adjusted closes of the cases are worked out by hand: before a dividend d they are
/// multiplied by 1 − d / close.
@Suite struct DividendTableTests {
  static func series(_ text: String) throws -> CandleSeries {
    try PriceFile.parsePaying(Array(text.utf8), name: "x.csv", instrument: Instrument(symbol: "X")).series
  }

  /// Rows of a close each, on days from 2024-01-01 on.
  static func file(_ columns: String, _ rows: [(close: Double, rest: String)]) -> String {
    let lines = rows.enumerated().map { row, values in
      "2024-01-\(row < 9 ? "0" : "")\(row + 1),\(values.close),\(values.close),\(values.close),\(values.close),1000"
        + (values.rest.isEmpty ? "" : ",\(values.rest)")
    }
    return (["Date,Open,High,Low,Close,Volume" + (columns.isEmpty ? "" : ",\(columns)")] + lines).joined(
      separator: "\n")
  }

  @Test func `the steps of an adjusted close are dividends`() throws {
    // 2 of 100, then 1 of 50: 0.98 × 0.98 and 0.98.
    let series = try Self.series(
      Self.file(
        "Adj Close", [(100, "96.04"), (100, "96.04"), (50, "49"), (50, "49"), (49, "49")]))
    #expect(series.dividends.map { ($0 * 1e9).rounded() / 1e9 } == [0, 0, 2, 0, 1])
    let factors = try #require(series.adjustment?.factors)
    for (factor, wanted) in zip(factors, [1, 1, 1 / 0.98, 1 / 0.98, 1 / 0.9604]) {
      #expect(abs(factor - wanted) < 1e-12)
    }
    #expect(series.value(.close, at: 4) == 49)
    #expect(abs(series.adjustedBlock[3 * 5 + 4] - 49 / 0.9604) < 1e-9)
    #expect(Array(series.adjustedBlock[20...]) == Array(series.column(.volume)))
  }

  @Test func `an adjusted close that is the close pays nothing, and is known to`() throws {
    let series = try Self.series(Self.file("Adj Close", [(100, "100"), (101, "101"), (99, "99")]))
    #expect(series.adjustment != nil && !series.isRestated && series.dividends == [])
  }

  @Test func `without such a column one kind of price serves`() throws {
    #expect(try Self.series(Self.file("", [(100, ""), (101, "")])).adjustment == nil)
    #expect(try Self.series(Self.file("Currency", [(100, "USD"), (101, "USD")])).adjustment == nil)
  }

  @Test func `declared dividends count where no adjusted close stands`() throws {
    let series = try Self.series(Self.file("Dividends", [(100, "0"), (100, "1.5"), (100, "0")]))
    #expect(series.dividends == [0, 1.5, 0])
    // Rounded closes say about 0.24; what is declared is exact.
    let both = try Self.series(
      Self.file("Adj Close,Dividends", [(30.01, "29.77,0"), (29.8, "29.8,0.24"), (29.9, "29.9,0")]))
    #expect(both.dividends == [0, 0.24, 0])
  }

  @Test func `a declared dividend counts where the adjusted close was made before it`() throws {
    // Bars of the first fetch do not know of the dividend of 2 that came with the second, nor steps the ratio down by it.
    let series = try Self.series(
      Self.file("Adj Close,Dividends", [(100, "100,0"), (100, "100,2"), (100, "100,0"), (100, "97,0"), (97, "97,3")]))
    #expect(series.dividends == [0, 2, 0, 0, 3])
  }

  @Test func `rounding is no dividend`() throws {
    // Closes of 10.01 … with a ratio of 0.9 throughout, rounded to cents.
    let closes = (0..<28).map { 10.01 + 0.07 * Double($0 % 5) }
    let rows = closes.map { (close: ($0 * 100).rounded() / 100, rest: String(format: "%.2f", $0 * 0.9)) }
    #expect(try Self.series(Self.file("Adj Close", rows)).dividends == [])
  }

  @Test func `a split that the close has not is taken out of prices and dividends`() throws {
    // A dividend of 4 on 400, then four for one: 0.99 / 4, 1 / 4, 1.
    let series = try Self.series(
      Self.file("Adj Close", [(400, "99"), (400, "100"), (100, "100"), (101, "101")]))
    #expect(Array(series.column(.close)) == [100, 100, 100, 101])
    #expect(Array(series.column(.volume)) == [4000, 4000, 1000, 1000])
    #expect(series.dividends.map { ($0 * 1e9).rounded() / 1e9 } == [0, 1, 0, 0])
    // Prices that have the split in them already stay, declared or not.
    let split = try Self.series(
      Self.file("Adj Close,Stock Splits", [(100, "100,0"), (100, "100,4"), (101, "101,0")]))
    #expect(Array(split.column(.close)) == [100, 100, 101] && !split.isRestated)
  }

  @Test func `times stay those of the file`() throws {
    let text = """
      Date,Open,High,Low,Close,Adj Close,Volume
      2024-01-02 00:00:00-05:00,100,100,100,100,98,1
      2024-01-03 00:00:00-05:00,100,100,100,100,100,1
      """
    let plain = try PriceFile.parse(Array(text.utf8), name: "x.csv", instrument: Instrument(symbol: "X")).series
    let series = try Self.series(text)
    #expect(series.times == plain.times && series.block == plain.block)
    #expect(abs((series.dividends.last ?? 0) - 2) < 1e-9)
  }

  @Test func `stored actions are dividends too`() throws {
    let series = try Self.series(Self.file("", [(100, ""), (100, ""), (100, "")]))
    var history = PriceHistory(series: series)
    #expect(history.payingSeries == nil)
    history.actions = [
      CorporateAction(time: series.times[1], kind: .dividend(1)),
      CorporateAction(time: series.times[1], kind: .capitalGain(0.5)),
      CorporateAction(time: series.times[2], kind: .split(2)),
    ]
    #expect(history.payingSeries?.dividends == [0, 1.5, 0])
  }
}
