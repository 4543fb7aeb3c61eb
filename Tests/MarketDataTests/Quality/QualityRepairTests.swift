import Testing
import Trading

@testable import MarketData

@Suite struct QualityRepairTests {
  static let damaged: PriceRows = {
    var rows = DividendCheckTests.paying
    for column in 0..<4 { for bar in 61..<66 { rows.columns[column][bar] *= 100 } }
    for bar in 61..<66 { rows.adjusted?[bar] *= 100 }
    rows.dividends[35] = 100
    rows.columns[1][10] = rows.columns[2][10] - 1
    return rows
  }()

  @Test func everyChangeCanBeTakenBack() {
    let repair = QualityRepair(Self.damaged)
    #expect(Set(repair.mended.map(\.kind)) == [.unit100x, .badDividend, .highBelowLow])
    #expect(!QualityReport.check(repair.rows).hasErrors)
    #expect(repair.undone.columns == Self.damaged.columns)
    #expect(repair.undone.adjusted == Self.damaged.adjusted)
    #expect(repair.undone.dividends == Self.damaged.dividends)
  }

  @Test func onlyWhatTheRulesNameIsMended() {
    var rules = QualityRules()
    rules.repair = [.badDividend]
    let repair = QualityRepair(Self.damaged, rules: rules)
    #expect(repair.mended.map(\.kind) == [.badDividend])
    #expect(repair.rows.columns == Self.damaged.columns)
    rules.repair = []
    #expect(QualityRepair(Self.damaged, rules: rules).changes.isEmpty)
  }

  @Test func whatIsOnlyLikelyIsMendedWhereItIsNamed() {
    var rows = Histories.wandering
    for column in 0..<4 { for bar in 0..<70 { rows.columns[column][bar] *= 4 } }
    #expect(QualityRepair(rows).changes.isEmpty)
    var rules = QualityRules()
    rules.repair = [.missingSplit]
    let mended = QualityRepair(rows, rules: rules)
    #expect(mended.rows.columns[3] == Histories.wandering.columns[3])
    #expect(mended.undone.columns == rows.columns)
  }

  @Test func theRecordSaysWhatWasChangedAndWhy() {
    var rows = Histories.wandering
    rows.columns[2][10] = 0
    let lines = QualityRepair(rows).record.split(separator: "\n").map(String.init)
    #expect(lines.first == "time,field,old,new,kind,why")
    #expect(lines.count == 2)
    #expect(lines.last?.hasPrefix("2024-01-15T00:00:00Z,low,0,") == true)
    #expect(
      lines.last?.hasSuffix(",non_positive,\"low is 0; a price is above 0 and a volume is not below it\"") == true)
  }
}
