@testable import Backtesting
import Testing
import Trading

@testable import Reporting

@Suite struct LeagueTableTests {
  let results = ["^IXIC", "^GSPC"].flatMap { symbol in
    [
      Fabricated.result("triple-confirmation-seed", symbol, signals: 0, total: 0, held: 1.2, trades: 0),
      Fabricated.result("golden-cross", symbol, signals: 1_834, total: 1.936, held: 0.997),
      Fabricated.result("이동평균-교차", symbol, total: 0.904, held: 0.926),
    ]
  }

  @Test(arguments: [40, 50, 60, 80, 100, 160]) func `no line is wider than the terminal`(width: Int) {
    for text in [LeagueTable(results).text(width: width), LatestSignals(results).text(width: width)] {
      for line in text.split(separator: "\n") { #expect(TerminalText.width(String(line)) <= width, "\(line)") }
    }
  }

  @Test func `eighty columns hold every column of the league`() {
    let text = LeagueTable(results).text(width: 80)
    #expect(!text.contains("Left out"))
    #expect(text.contains("54.2%") && text.contains("+1.23%") && text.contains("+193.6%") && text.contains("+93.9%"))
    #expect(text.contains("triple-confirmation-seed"))
  }

  @Test func `columns that do not fit are named`() {
    let text = LeagueTable(results).text(width: 50)
    #expect(text.contains("Left out at this width: return of buy and hold"))
  }

  @Test func `within a symbol the greatest return less buy and hold stands first`() {
    let rows = LeagueTable(results).standings.rows
    #expect(rows.map(\.symbol) == ["^IXIC", "^IXIC", "^IXIC", "^GSPC", "^GSPC", "^GSPC"])
    #expect(rows.prefix(3).map(\.strategy) == ["golden-cross", "이동평균-교차", "triple-confirmation-seed"])
  }

  @Test func `the verdict counts what beat buy and hold and says what only never traded`() {
    #expect(LeagueTable(results).standings.holding == "2 of 6 backtests beat buy and hold.")
    let idle = Fabricated.result("idle", total: 0, held: -0.1, trades: 0)
    let unknown = Fabricated.result("unknown", held: nil)
    #expect(
      Standings([idle.summary, unknown.summary]).holding
        == "1 of 1 backtests beat buy and hold, 1 of them only by never trading; 1 more cannot be compared.")
    #expect(Standings([unknown.summary]).holding == "None of these backtests can be compared with buy and hold.")
  }

  /// The same results as corrected by a ledger: figures that are easy to read, not computed.
  func corrected() -> (results: [BacktestResult], selections: [Selection]) {
    var results = results
    for place in results.indices {
      results[place].trials = TrialCount(raw: place < 3 ? 40 : 45, effective: 12.4, ledger: "l.jsonl")
      guard results[place].metrics.trades > 0 else { continue }
      results[place].pValue = place == 1 ? 0.012 : 0.4
      results[place].metrics.deflatedSharpe = place == 1 ? 0.97 : 0.5
    }
    let selections = [("^IXIC", 40), ("^GSPC", 45)].map { symbol, raw in
      Selection(
        data: TrialData(symbol: symbol, timeframe: .day), tested: 2, tests: nil, overfitting: nil,
        population: TrialPopulation(raw: raw, effective: 12.4, varianceOfSharpes: 0.01))
    }
    return (results, selections)
  }

  @Test func `corrected figures stand in the table, the best chance first, and a sentence says what they mean`() {
    let (results, selections) = corrected()
    let text = LeagueTable(results, selections: selections).text(width: 160)
    #expect(text.contains("0.012") && text.contains("97.0%") && text.contains("greatest deflated Sharpe first"))
    let standings = Standings(results.map(\.summary), selections: selections)
    #expect(standings.rows.first?.strategy == "golden-cross" && standings.rows[2].metrics.trades == 0)
    #expect(
      standings.verdicts.first
        == "1 of 4 beat their exposure at 5 % after 40 to 45 trials a symbol (12 really different); the other 3 cannot "
        + "be told from luck; 2 more never traded, or lost all they had.")
    for width in [50, 60, 80, 100] {
      let text = LeagueTable(results, selections: selections).text(width: width)
      #expect(text.contains("deflated") && text.contains("0.012"), "\(width)")
      for line in text.split(separator: "\n") { #expect(TerminalText.width(String(line)) <= width, "\(line)") }
    }
  }

  @Test func `a low p-value does not count where the deflated Sharpe ratio is low, nor the other way round`() {
    var (results, selections) = corrected()
    results[1].metrics.deflatedSharpe = 0.94
    #expect(Standings(results.map(\.summary), selections: selections).verdicts[0].hasPrefix("None of 4 beat"))
    let idle = results.indices.filter { results[$0].metrics.trades == 0 }
    results[idle[0]].trials = nil
    #expect(
      Standings(results.map(\.summary), selections: selections).verdicts[0].hasSuffix(
        "; 1 more never traded, or lost all they had; 1 more, not in the ledger, was not corrected."))
    results[idle[0]].trials = results[1].trials
    results[1].metrics.deflatedSharpe = 0.96
    results[1].pValue = 0.06
    #expect(
      Standings(results.map(\.summary), selections: selections).verdicts[0].contains(
        "; they cannot be told from luck; 2 more never"))
  }

  @Test func `what is not defined is a dash and never NaN`() {
    let text = LeagueTable(results).text(width: 160)
    #expect(text.contains("–") && !text.lowercased().contains("nan"))
  }

  @Test func `there is no colour unless it is asked for`() {
    #expect(!LeagueTable(results).text().contains("\u{1B}"))
    #expect(LeagueTable(results).text(colour: true).contains("\u{1B}["))
  }

  @Test func `an escape sequence in the data does not reach the terminal`() {
    let result = Fabricated.result("bad\u{1B}[2Jname", "A\u{7}", reason: "x\u{1B}]0;title\u{7}\u{202E}y")
    #expect(!LeagueTable([result]).text().unicodeScalars.contains { $0.value < 32 && $0 != "\n" })
    #expect(!LatestSignals([result]).text().unicodeScalars.contains { $0.value < 32 && $0 != "\n" || $0 == "\u{202E}" })
  }

  @Test func `no results make a short text and no trap`() {
    #expect(LeagueTable([]).text() == "No results.\n")
    #expect(LatestSignals([]).text() == "Latest signals: none.\n")
  }

  @Test func `the latest signals stand first, with their reasons`() {
    let text = LatestSignals([Fabricated.result(signals: 12)], count: 2).text()
    #expect(text.contains("1999-01-15") && text.contains("1999-01-14") && !text.contains("1999-01-13"))
    #expect(text.contains("sma crossed above") && text.contains("exit short"))
  }
}

@Suite struct TerminalTextTests {
  @Test func `korean and emoji take two cells and marks none`() {
    #expect(TerminalText.width("이동평균") == 8)
    #expect(TerminalText.width("\u{1100}\u{1161}\u{11A8}") == 2)
    #expect(TerminalText.width("e\u{301}^–…") == 4)
    #expect(TerminalText.width("📈") == 2)
    #expect(TerminalText.truncated("이동평균-교차", to: 8) == "이동평…")
    #expect(TerminalText.wrapped("가나다라마 b", to: 4) == ["가나", "다라", "마 b"])
  }

  @Test func `figures are grouped, signed and undefined where they are not numbers`() {
    let write = Figures.terminal
    #expect(write.number(-1_234_567.891, digits: 2) == "-1,234,567.89")
    #expect(write.percent(0.0005) == "+0.1%" && write.percent(-0.00001) == "0.0%" && write.percent(12.345) == "+1,235%")
    #expect(write.percent(.nan) == nil && write.number(.infinity, digits: 1) == nil && write.percent(nil) == nil)
    #expect(write.price(0.05) == "0.0500" && write.price(2_488.83) == "2,488.83")
  }
}
