internal import Backtesting
internal import Trading

/// Turns one result into its section of the page.
struct ResultWriter: Sendable {
  private static let tradeRows = 10
  private static let signalRows = 5

  let result: BacktestResult
  let price: PriceChart?
  /// Notes that the page says once for all.
  let sharedNotes: [String]

  func page(anchor: String, isOpen: Bool) -> ReportPage.Result {
    let write = Figures.page
    let metrics = result.metrics
    let notes = result.notes.filter { !sharedNotes.contains($0) }
    return ReportPage.Result(
      anchor: anchor, symbol: result.symbol, period: period, isOpen: isOpen,
      total: .figure(write.percent(metrics.totalReturn)),
      excess: .figure(write.percent(result.metrics.excessReturn), tinted: true),
      sharpe: .figure(write.number(metrics.sharpe, digits: 2)),
      drawdown: .figure(write.percent(metrics.maxDrawdown)), facts: facts, charts: charts,
      books: result.portfolio.map { [$0.book] } ?? [], hasOutcomes: !result.outcomes.isEmpty,
      outcomes: result.outcomes.map(row),
      hasRegimes: !regimes.isEmpty, regimeHeads: result.outcomes.map(\.horizon.words), regimes: regimes,
      hasYears: !years.isEmpty, monthHeads: ResultWriter.monthHeads, years: years, hasIntervals: !intervals.isEmpty,
      intervalsNote: intervalsNote, randomEntriesNote: randomEntriesNote, intervals: intervals,
      hasTrades: !result.trades.isEmpty,
      tradesTitle: title("trade", of: result.trades.count, shown: ResultWriter.tradeRows),
      trades: result.trades.suffix(ResultWriter.tradeRows).reversed().map(row), hasSignals: !result.signals.isEmpty,
      hasNoSignals: result.signals.isEmpty && result.portfolio == nil,
      signalsTitle: title("signal", of: result.signals.count, shown: ResultWriter.signalRows),
      signals: LatestSignals([result], count: ResultWriter.signalRows).entries.map(ResultWriter.row),
      hasNotes: !notes.isEmpty, notes: notes)
  }

  static func row(_ entry: LatestSignals.Entry) -> ReportPage.SignalRow {
    let write = Figures.page
    let direction = entry.signal.direction
    return ReportPage.SignalRow(
      time: entry.time, symbol: entry.symbol, strategy: entry.strategy, direction: direction.words,
      up: direction == .buy || direction == .exitShort, price: .figure(write.price(entry.signal.price)),
      confidence: .figure(write.percent(entry.signal.confidence / 100, digits: 0, signed: false)),
      reason: entry.signal.reason)
  }

  private var period: String {
    guard let first = result.times.first, let last = result.times.last else { return "no bars" }
    return "\(first.dateText) to \(last.dateText), \(Figures.page.count(result.bars)) bars of \(result.timeframe)"
  }

  private var facts: [ReportPage.Fact] {
    let write = Figures.page
    let metrics = result.metrics
    var facts: [(String, Markup)] = [
      ("Return", .figure(write.percent(metrics.totalReturn))),
      ("Buy and hold", .figure(write.percent(metrics.buyHoldReturn))),
      ("Final equity", .figure(write.price(metrics.finalEquity))),
      ("A year (CAGR)", .figure(write.percent(metrics.cagr))),
      ("Volatility", .figure(write.percent(metrics.volatility, signed: false))),
      ("Sharpe", .figure(write.number(metrics.sharpe, digits: 2))),
      ("Deflated Sharpe", .figure(write.percent(metrics.deflatedSharpe, signed: false))),
      ("Adjusted p", .figure(write.number(result.pValue, digits: 3))),
      ("Sortino", .figure(write.number(metrics.sortino, digits: 2))),
      ("Calmar", .figure(write.number(metrics.calmar, digits: 2))),
      ("Max drawdown", .figure(write.percent(metrics.maxDrawdown))),
      ("Longest below a peak", Markup(text: bars(metrics.maxDrawdownBars))),
      ("Exposure", .figure(write.percent(metrics.exposure, signed: false))),
      ("Trades", Markup(text: write.count(metrics.trades))),
      ("Trades won", .figure(write.percent(metrics.winRate, signed: false))),
      ("Profit factor", .figure(write.number(metrics.profitFactor, digits: 2))),
      ("Signals", Markup(text: write.count(result.signals.count))),
    ]
    if let trials = result.trials {
      let effective = write.number(trials.effective, digits: 0) ?? Figures.undefined
      facts.append(("Trials", Markup(text: "\(write.count(trials.raw)), \(effective) really different")))
    }
    facts += furtherFacts
    if let split = result.birth {
      let words = BirthWords()
      facts += [
        ("Born", Markup(text: words.birth(split.birth))), ("Before the birth", Markup(text: words.part(split.before))),
        ("Out-of-sample", Markup(text: words.part(split.after))),
      ]
    }
    if result.conflicts > 0 { facts.append(("Conflicts", Markup(text: write.count(result.conflicts)))) }
    return facts.map { ReportPage.Fact(label: $0.0, value: $0.1) }
  }

  private var charts: [ReportPage.Chart] {
    var charts: [ReportPage.Chart] = []
    if let price {
      let hidden = PriceChart.notDrawn(result.signals)
      let note =
        hidden == 0
        ? "" : "The latest \(PriceChart.markerLimit) signals are marked; \(Figures.page.count(hidden)) are not drawn."
      let title = "Closing price of \(result.symbol) with the signals of \(result.strategy)"
      charts.append(
        ReportPage.Chart(
          caption: "Closing price and signals, \(price.scaleName)", hasMarkers: true,
          hasExits: result.signals.contains { $0.direction.sign == 0 }, hasHeld: false,
          svg: Markup(trusted: price.svg(title: title, signals: result.signals, timeframe: result.timeframe)),
          note: note, hasNote: hidden > 0))
    }
    guard let times = price?.times ?? TimeScale(times: result.times), let chart = EquityChart(result, times: times)
    else { return charts }
    let title = "Equity of \(result.strategy) on \(result.symbol)"
    charts.append(
      ReportPage.Chart(
        caption: "Equity, \(chart.scaleName)", hasMarkers: false, hasExits: false, hasHeld: result.buyHoldEquity != nil,
        svg: Markup(trusted: chart.svg(title: title + (result.buyHoldEquity == nil ? "" : " against buy and hold"))),
        note: "", hasNote: false))
    if let strip = chart.drawdownSVG(title: "Drawdown of \(result.strategy) on \(result.symbol)") {
      charts.append(
        ReportPage.Chart(
          caption: "Below the last peak", hasMarkers: false, hasExits: false, hasHeld: false,
          svg: Markup(trusted: strip), note: "", hasNote: false))
    }
    return charts
  }

  private func row(_ trade: Trade) -> ReportPage.TradeRow {
    let write = Figures.page
    let time = { LatestSignals.Entry.text(of: $0, at: result.timeframe) }
    return ReportPage.TradeRow(
      side: [trade.side.rawValue, trade.symbol, trade.strategy].compactMap(\.self).joined(separator: " "),
      entryTime: time(trade.entryTime), exitTime: time(trade.exitTime),
      exitReason: words(trade.exitReason),
      entryPrice: .figure(write.price(trade.entryPrice)), exitPrice: .figure(write.price(trade.exitPrice)),
      profit: .figure(write.number(trade.pnl, digits: 2, signed: true)),
      gain: .figure(write.percent(trade.return), tinted: true))
  }

  private func row(_ outcome: HorizonOutcome) -> ReportPage.OutcomeRow {
    let write = Figures.page
    return ReportPage.OutcomeRow(
      horizon: outcome.horizon.words, count: Markup(text: write.count(outcome.count)),
      success: .figure(write.percent(outcome.successRate, signed: false)),
      base: .figure(write.percent(outcome.baseRate, signed: false)),
      excess: .figure(write.percent(outcome.excess), tinted: true), interval: .figure(percent(outcome.interval)),
      grade: .figure(outcome.grade?.rawValue), mean: .figure(write.percent(outcome.meanReturn, digits: 2)),
      best: .figure(write.percent(outcome.favourableExcursion, digits: 2)),
      worst: .figure(write.percent(outcome.adverseExcursion, digits: 2)),
      sharpe: .figure(write.number(outcome.sharpe, digits: 2)))
  }

  private func title(_ noun: String, of count: Int, shown: Int) -> String {
    if count <= shown { return count == 1 ? "The one \(noun)" : "All \(count) \(noun)s" }
    return "Last \(shown) of \(Figures.page.count(count)) \(noun)s"
  }

  private func words(_ reason: Trade.ExitReason) -> String {
    switch reason {
    case .end: "still open"
    case .maxBars: "age"
    case .flat: "session's end"
    case .marginCall: "margin call"
    case .rebalance: "rebalancing"
    case .signal, .stop, .target: reason.rawValue
    }
  }

  private func bars(_ count: Int) -> String { count == 1 ? "1 bar" : "\(Figures.page.count(count)) bars" }
}
