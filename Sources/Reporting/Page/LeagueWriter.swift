internal import Backtesting

/// Turns the standings into the rows of the page's league table.
struct LeagueWriter: Sendable {
  let standings: Standings

  func rows(anchor: (BacktestSummary) -> String) -> [ReportPage.LeagueRow] {
    let write = Figures.page
    var symbol: String?
    return standings.rows.map { result in
      defer { symbol = result.symbol }
      let metrics = result.metrics
      return ReportPage.LeagueRow(
        opensSymbol: symbol != nil && symbol != result.symbol, anchor: anchor(result), strategy: result.strategy,
        symbol: result.symbol, trades: Markup(text: write.count(metrics.trades)),
        total: .figure(write.percent(metrics.totalReturn)), held: .figure(write.percent(metrics.buyHoldReturn)),
        excess: .figure(write.percent(metrics.excessReturn), tinted: true),
        sharpe: .figure(write.number(metrics.sharpe, digits: 2)),
        drawdown: .figure(write.percent(metrics.maxDrawdown)),
        signals: Markup(text: write.count(result.signalCount)),
        corrected: standings.isCorrected
          ? [
            .figure(write.percent(metrics.deflatedSharpe, signed: false)),
            .figure(write.number(result.pValue, digits: 3)),
          ] : [],
        wins: standings.horizons.map {
          .figure(write.percent(result.outcome(after: $0)?.successRate, signed: false))
        },
        means: standings.horizons.map { .figure(write.percent(result.outcome(after: $0)?.meanReturn, digits: 2)) })
    }
  }
}
