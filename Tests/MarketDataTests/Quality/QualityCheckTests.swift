import Testing
import Trading

@testable import MarketData

@Suite struct QualityCheckTests {
  @Test func everyKindHasOneCheckAndTheListIsInOrder() {
    #expect(qualityChecks.map { $0.kind } == QualityKind.allCases)
    #expect(QualityKind.allCases.map(\.rawValue) == QualityKind.allCases.map(\.rawValue).sorted())
  }

  @Test(arguments: [("IXIC-1d.csv", ["2015-05-12", "2018-01-09"]), ("GSPC-1d.csv", [])])
  func theSamplesHaveNothingWrong(_ name: String, _ silent: [String]) throws {
    // The two days without volume are in the index's own data (SOURCES of the samples).
    let findings = QualityReport.check(try Histories.sample(name)).findings
    #expect(findings.map(\.time.dateText) == silent)
    #expect(findings.allSatisfy { $0.kind == .zeroVolume && $0.severity == .info })
  }

  @Test func quietRowsHaveNothingToReport() { #expect(QualityReport.check(Histories.wandering).findings.isEmpty) }

  // MARK: Units

  @Test func oneBarAHundredTimesTooHighIsFoundAndDivided() {
    var rows = Histories.wandering
    for column in 0..<4 { rows.columns[column][60] *= 100 }
    let found = QualityReport.check(rows).findings
    #expect(found.map(\.kind) == [.unit100x])
    #expect(found.first?.time == rows.times[60])
    #expect(QualityRepair(rows).rows.columns == Histories.wandering.columns.map { $0 })
  }

  @Test func aCloseAloneInTheWrongUnitIsFound() {
    // As in an hour of ASAI.L: open 58.5, high 61.5, low and close 0.6.
    var rows = Histories.wandering
    rows.columns[3][40] /= 100
    rows.columns[2][40] = rows.columns[3][40]
    let found = Histories.findings(.unit100x, rows)
    #expect(found.count == 1)
    #expect(found.first?.evidence.hasPrefix("low and close are about 100 times too low") == true)
  }

  @Test func aLastStretchInTheWrongUnitIsTheOneThatIsFewer() {
    var rows = Histories.wandering
    for column in 0..<4 { for bar in 100..<120 { rows.columns[column][bar] /= 100 } }
    let found = Histories.findings(.unit100x, rows)
    #expect(found.map(\.time) == [rows.times[100]])
    #expect(found.map(\.last) == [rows.times[119]])
  }

  @Test func theCurrencySaysWhichUnitIsRight() {
    var rows = Histories.wandering
    for column in 0..<4 { for bar in 30..<120 { rows.columns[column][bar] /= 100 } }
    rows.currencies = ["GBp"]
    #expect(Histories.findings(.unit100x, rows).map(\.time) == [rows.times[30]])
    rows.currencies = ["GBP"]
    #expect(Histories.findings(.unit100x, rows).map(\.time) == [rows.times[0]])
  }

  // MARK: Splits

  @Test func aDeclaredSplitThatWasNotAppliedIsAnError() {
    var rows = Histories.wandering
    for column in 0..<4 { for bar in 0..<80 { rows.columns[column][bar] *= 5 } }
    rows.splits = (0..<120).map { $0 == 81 ? 5 : 0 }  // declared a day later, as for 4063.T in 2023
    let found = QualityReport.check(rows).findings
    #expect(found.map(\.kind) == [.missingSplit])
    #expect(found.first?.severity == .error)
    #expect(found.first?.time == rows.times[80])
  }

  @Test func aSplitThatWasAppliedTwiceIsAnError() {
    var rows = Histories.wandering
    for column in 0..<4 { for bar in 0..<80 { rows.columns[column][bar] /= 2 } }
    rows.splits = (0..<120).map { $0 == 80 ? 2 : 0 }
    let found = QualityReport.check(rows).findings
    #expect(found.map(\.kind) == [.doubledSplit])
    #expect(found.first?.severity == .error)
  }

  @Test(arguments: [2.0, 3, 4, 5, 10, 20]) func aStepByAUsualRatioIsAWarningWithoutADeclaredSplit(_ ratio: Double) {
    var missing = Histories.wandering
    var doubled = Histories.wandering
    for column in 0..<4 {
      for bar in 0..<70 {
        missing.columns[column][bar] *= ratio
        doubled.columns[column][bar] /= ratio
      }
    }
    #expect(QualityReport.check(missing).findings.map(\.kind) == [.missingSplit])
    #expect(QualityReport.check(doubled).findings.map(\.kind) == [.doubledSplit])
    #expect(Histories.findings(.missingSplit, missing).first?.severity == .warning)
  }

  @Test func aFallByHalfWithVolumeIsAFall() {
    var rows = Histories.wandering
    for column in 0..<4 { for bar in 70..<120 { rows.columns[column][bar] /= 2 } }
    rows.columns[4][70] *= 12
    #expect(QualityReport.check(rows).findings.isEmpty)
  }

  @Test func aSplitThatPricesFollowedIsNoFinding() {
    var rows = Histories.wandering
    rows.splits = (0..<120).map { $0 == 80 ? 4 : 0 }
    #expect(QualityReport.check(rows).findings.isEmpty)
  }

  // MARK: Single bars

  @Test func aCloseThatComesBackIsASpikeAndAStepIsNot() {
    var spike = Histories.wandering
    spike.columns[3][50] *= 1.5
    #expect(QualityReport.check(spike).findings.filter { $0.severity > .info }.map(\.kind) == [.spike])
    var step = Histories.wandering
    for column in 0..<4 { for bar in 50..<120 { step.columns[column][bar] *= 1.3 } }
    step.columns[4][50] *= 10
    #expect(QualityReport.check(step).findings.isEmpty)
  }

  @Test func threeBarsThatGoAndComeBackAreOneSpike() {
    var rows = Histories.wandering
    for column in 0..<4 { for bar in 50..<53 { rows.columns[column][bar] *= 1.7 } }
    let found = Histories.findings(.spike, rows)
    #expect(found.map(\.time) == [rows.times[50]])
    #expect(found.map(\.last) == [rows.times[52]])
  }

  @Test func pricesOfZeroAndBelowAreErrors() {
    var rows = Histories.wandering
    rows.columns[2][10] = 0
    rows.columns[3][20] = -4
    let found = Histories.findings(.nonPositive, rows)
    #expect(found.map(\.time) == [rows.times[10], rows.times[20]])
    #expect(found.map(\.evidence).first == "low is 0; a price is above 0 and a volume is not below it")
    #expect(found.allSatisfy { $0.severity == .error })
  }

  @Test func aHighBelowItsLowIsAnErrorAndACloseOutsideIsInformation() {
    var rows = Histories.wandering
    (rows.columns[1][10], rows.columns[2][10]) = (rows.columns[2][10], rows.columns[1][10])
    rows.columns[3][20] = rows.columns[1][20] * 1.001
    let found = Histories.findings(.highBelowLow, rows)
    #expect(found.map(\.severity) == [.error, .info])
    #expect(found.first?.proposal == "swap high and low")
  }

  @Test func barsThatStandStillAreStale() {
    var rows = Histories.wandering
    for column in 0..<4 { for bar in 31..<36 { rows.columns[column][bar] = rows.columns[column][30] } }
    let found = Histories.findings(.stale, rows)
    #expect(found.map(\.time) == [rows.times[30]])
    #expect(found.map(\.last) == [rows.times[35]])
  }

  @Test func whatOftenStandsStillIsNotStale() {
    // Four bars alike again and again, as a bond that hardly trades.
    let closes = (0..<160).map { 100 + Double($0 / 4 % 9) / 10 }
    #expect(Histories.findings(.stale, Histories.weekdays(closes: closes)).isEmpty)
  }

  // MARK: Currency

  @Test func aStretchAtAnotherLevelIsAnotherCurrency() {
    var rows = Histories.wandering
    for column in 0..<4 { for bar in 60..<85 { rows.columns[column][bar] *= 1.18 } }
    let found = QualityReport.check(rows).findings
    #expect(found.map(\.kind) == [.currencyMismatch])
    #expect(found.first?.time == rows.times[60])
    #expect(found.first?.last == rows.times[84])
  }

  @Test func anotherCurrencyThanTheConfigurationNamesIsAnError() {
    var rows = Histories.wandering
    rows.currencies = ["USD"]
    var rules = QualityRules()
    rules.currency = "KRW"
    #expect(Histories.findings(.currencyMismatch, rows, rules).map(\.severity) == [.error])
    rules.currency = "USD"
    #expect(Histories.findings(.currencyMismatch, rows, rules).isEmpty)
  }
}
