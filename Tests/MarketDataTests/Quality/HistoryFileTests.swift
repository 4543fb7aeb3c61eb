import Testing
import Trading

@testable import MarketData

@Suite struct HistoryFileTests {
  static let yahoo = """
    Date,Open,High,Low,Close,Adj Close,Volume,Dividends,Stock Splits,Capital Gains
    2024-01-02 00:00:00+09:00,10,11,9,10.5,10.0,100,0,0,0
    2024-01-03 00:00:00+09:00,10,11,9,10.6,10.1,100,0.25,0,0.1
    2024-01-04 00:00:00+09:00,5,6,4,5.5,,100,0,2,0
    """

  @Test func theFurtherColumnsAreActionsAndTheDateIsThatOfTheZone() throws {
    let history = try Histories.read(Self.yahoo).history
    #expect(history.series.times.map(\.dateText) == ["2024-01-02", "2024-01-03", "2024-01-04"])
    #expect(history.adjustedClose?.map { $0.isNaN ? -1 : $0 } == [10, 10.1, -1])
    let times = history.series.times
    #expect(
      history.actions == [
        CorporateAction(time: times[1], kind: .dividend(0.25)),
        CorporateAction(time: times[1], kind: .capitalGain(0.1)),
        CorporateAction(time: times[2], kind: .split(2)),
      ])
  }

  @Test func whatNoSeriesAdmitsIsTakenInForTheChecks() throws {
    let rows = try Histories.read(
      """
      date,open,high,low,close,volume
      2024-01-02,10,11,9,10.5,100
      2024-01-03,10,8,9,10.5,100
      2024-01-03,10,11,9,10.7,100
      2024-01-05,10,11,-9,10.5,100
      2024-01-04,10,11,9,10.5,100
      """)
    let found = QualityReport.check(rows).findings
    #expect(found.filter { $0.kind == .highBelowLow && $0.severity == .error }.map(\.line) == [3])
    #expect(found.filter { $0.kind == .duplicate }.map(\.line) == [4])
    #expect(found.filter { $0.kind == .nonPositive }.map(\.line) == [5])
    #expect(found.filter { $0.kind == .outOfOrder }.map(\.line) == [6])
    #expect(rows.times.map(\.dateText) == ["2024-01-02", "2024-01-03", "2024-01-04", "2024-01-05"])
  }

  @Test func aFileFromTheNewestToTheOldestIsTurnedRound() throws {
    let text = "date,open,high,low,close,volume\n2024-01-04,3,3,3,3,1\n2024-01-03,2,2,2,2,1\n2024-01-02,1,1,1,1,1\n"
    let file = try HistoryFile.parse(Array(text.utf8), name: "t.csv", instrument: Instrument(symbol: "X"))
    #expect(file.rows.columns[3] == [1, 2, 3])
    #expect(file.notices.count == 1)
    #expect(QualityReport.check(file.rows).findings.filter { $0.kind == .outOfOrder }.isEmpty)
  }

  @Test func whatCannotBeReadIsAFaultWithItsLine() {
    let text = "date,open,high,low,close,dividends\n2024-01-02,1,1,1,1,0\n2024-01-03,1,1,1,1,much\n"
    #expect {
      try HistoryFile.parse(Array(text.utf8), name: "t.csv", instrument: Instrument(symbol: "X"))
    } throws: { error in
      "\(error)".contains("t.csv:3: dividends is 'much'")
    }
  }

  @Test func theCopyReadsBackAsItIs() throws {
    let rows = try Histories.read(Self.yahoo)
    let again = try Histories.read(rows.csv)
    #expect(again.times == rows.times)
    #expect(again.columns == rows.columns)
    #expect(again.dividends == rows.dividends)
    #expect(again.splits == rows.splits)
    #expect(again.gains == rows.gains)
  }
}
