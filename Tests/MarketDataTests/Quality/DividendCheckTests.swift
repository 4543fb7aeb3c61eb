import Testing
import Trading

@testable import MarketData

/// The figures are those of an adjusted close: at a dividend it steps by amount / close before.
@Suite struct DividendCheckTests {
  /// The wandering rows with a dividend of 1 % each 20 bars, adjusted for all of them.
  static let paying: PriceRows = {
    var rows = Histories.wandering
    rows.dividends = Array(repeating: 0, count: rows.count)
    rows.adjusted = Array(repeating: 1, count: rows.count)
    var factor = 1.0
    for bar in stride(from: rows.count - 1, through: 0, by: -1) {
      rows.adjusted?[bar] = rows.columns[3][bar] * factor
      guard bar > 0, bar % 20 == 15 else { continue }
      rows.dividends[bar] = 1
      factor *= 1 - 1 / rows.columns[3][bar - 1]
    }
    return rows
  }()

  private func readjusted(_ rows: PriceRows, before bar: Int, from old: Double, to new: Double) -> PriceRows {
    var rows = rows
    for earlier in 0..<bar { rows.adjusted?[earlier] *= (1 - new) / (1 - old) }
    return rows
  }

  /// Whether a repair brings back the sound rows.
  private func isMended(_ rows: PriceRows) -> Bool {
    let mended = QualityRepair(rows).rows
    let pairs = zip(mended.adjusted ?? [], Self.paying.adjusted ?? [])
    return mended.dividends == Self.paying.dividends && pairs.allSatisfy { abs($0 / $1 - 1) < 1e-9 }
  }

  @Test func soundDividendsHaveNoFinding() { #expect(QualityReport.check(Self.paying).findings.isEmpty) }

  @Test func anAmountInPenceIsAHundredTimesTooMuch() {
    var rows = Self.paying
    rows.dividends[55] = 100
    let found = QualityReport.check(rows).findings
    #expect(found.map(\.kind) == [.badDividend])
    #expect(found.first?.time == rows.times[55])
    #expect(isMended(rows))
  }

  @Test func anAmountInPoundsIsAHundredTimesTooLittle() {
    let share = 1 / Self.paying.columns[3][54]
    var rows = readjusted(Self.paying, before: 55, from: share, to: share / 100)
    rows.dividends[55] = 0.01
    #expect(QualityReport.check(rows).findings.map(\.kind) == [.badDividend])
    #expect(isMended(rows))
  }

  @Test func aCloseThatIsNotAdjustedIsFound() {
    let share = 1 / Self.paying.columns[3][54]
    let rows = readjusted(Self.paying, before: 55, from: share, to: 0)
    #expect(QualityReport.check(rows).findings.map(\.kind) == [.badDividend])
    #expect(isMended(rows))
  }

  @Test func aDividendThatStandsTwiceWithinDaysIsAPhantom() {
    // The price falls at the real one.
    var rows = Self.paying
    for column in 0..<4 { for bar in 55..<120 { rows.columns[column][bar] -= 1 } }
    rows.adjusted = nil
    rows.dividends[53] = 1
    let found = Histories.findings(.badDividend, rows)
    #expect(found.map(\.time) == [rows.times[53]])
    #expect(QualityRepair(rows).rows.dividends == Self.paying.dividends)
  }

  @Test func anAdjustedCloseThatIsInfiniteIsMadeAnew() {
    var rows = Self.paying
    for bar in 0..<55 { rows.adjusted?[bar] = -.infinity }
    #expect(Histories.findings(.badDividend, rows).count == 3)
    #expect(isMended(rows))
  }

  @Test func aGainThatTheDividendHoldsIsCountedOnce() {
    // A fund pays 6, of which 5 are gains: its price falls by 6, the adjusted close steps by 11.
    var rows = Self.paying
    for column in 0..<4 { for bar in 55..<120 { rows.columns[column][bar] -= 6 } }
    rows.dividends[55] = 6
    rows.gains = rows.dividends.indices.map { $0 == 55 ? 5 : 0 }
    var factor = 1.0
    for bar in stride(from: rows.count - 1, through: 0, by: -1) {
      rows.adjusted?[bar] = rows.columns[3][bar] * factor
      let paid = bar > 0 ? rows.dividends[bar] + (bar == 55 ? rows.gains[bar] : 0) : 0
      if paid > 0 { factor *= 1 - paid / rows.columns[3][bar - 1] }
    }
    let found = QualityReport.check(rows).findings
    #expect(found.map(\.kind) == [.doubleCountedGain])
    let mended = QualityRepair(rows).rows
    let payment = Payment.all(in: QualityScan(mended, rules: QualityRules())).first { $0.bar == 55 }
    #expect(abs((payment?.step ?? 0) - (payment?.share ?? 1)) < 1e-12)
  }
}
