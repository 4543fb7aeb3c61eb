import Testing
import Trading

@testable import MarketData

/// What a repair makes of the history that was checked, as a store keeps it.
@Suite struct RepairedHistoryTests {
  @Test func onlyWhatWasMendedDiffers() throws {
    // An action may stand between two bars: its own time stays.
    var original = QualityRepairTests.damaged.history
    original.actions = original.actions.map {
      CorporateAction(time: $0.time.advanced(by: -3_600_000), kind: $0.kind)
    }
    let repair = QualityRepair(PriceRows(original))
    let mended = repair.applied(to: original)
    #expect(mended.series.times == original.series.times)
    for bar in 0..<original.series.count where !original.series.isMissing(bar) {
      let factor = (61..<66).contains(bar) ? 100.0 : 1
      #expect(mended.series.value(.close, at: bar) == original.series.value(.close, at: bar) / factor)
    }
    let changed = zip(original.actions, mended.actions).filter { $0 != $1 }
    #expect(original.actions.count == mended.actions.count && changed.count == 1)
    let (old, new) = try #require(changed.first)
    #expect(old.time == new.time && old.kind == .dividend(100) && new.kind == .dividend(1))
  }

  @Test func whatIsNotMendedStandsAsItIs() {
    var rows = Histories.wandering
    rows.columns[1][10] = rows.columns[2][10] - 1  // a high below its low, which a series admits as little as a file
    for column in 0..<4 { for bar in 61..<66 { rows.columns[column][bar] *= 100 } }
    var original = Histories.wandering.history
    original.series = CandleSeries(
      instrument: rows.instrument, timeframe: .day, times: rows.times, block: Array(rows.columns.joined()))
    var rules = QualityRules()
    rules.repair = [.unit100x]
    let mended = QualityRepair(PriceRows(original), rules: rules).applied(to: original)
    #expect(mended.series.value(.high, at: 10) == rows.columns[1][10])
    #expect(mended.series.value(.close, at: 63) == Histories.wandering.columns[3][63])
  }

  @Test func aBarThatIsTakenAwayIsAMissingOne() {
    var rows = Histories.wandering
    for column in 0..<4 { rows.columns[column][30] *= 3 }
    let original = rows.history
    var rules = QualityRules()
    rules.repair = [.spike]
    let mended = QualityRepair(rows, rules: rules).applied(to: original)
    #expect(mended.series.isMissing(30) && !mended.series.isMissing(29) && !mended.series.isMissing(31))
  }
}
