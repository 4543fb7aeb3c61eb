internal import Backtesting

/// The figures of a result that are made for its page alone: risk, buy and hold, months, intervals, regimes.
extension ResultWriter {
  static let monthHeads = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  var furtherFacts: [(String, Markup)] {
    let write = Figures.page
    let (risk, trades, benchmark) = (result.risk, result.tradeFigures, result.benchmark)
    return [
      ("Ulcer index", .figure(write.percent(risk.ulcerIndex, signed: false))),
      ("Value at risk, 95%", .figure(write.percent(risk.valueAtRisk, digits: 2))),
      ("Mean beyond it (CVaR)", .figure(write.percent(risk.conditionalValueAtRisk, digits: 2))),
      ("Profit a trade", .figure(write.number(trades.expectancy, digits: 2, signed: true))),
      ("Win over loss (payoff)", .figure(write.number(trades.payoffRatio, digits: 2))),
      ("Turnover a year", .figure(write.number(trades.turnover, digits: 1))),
      ("Alpha a year", .figure(write.percent(benchmark.alpha))),
      ("Beta", .figure(write.number(benchmark.beta, digits: 2))),
      ("Information ratio", .figure(write.number(benchmark.informationRatio, digits: 2))),
    ]
  }

  /// A row's cells are one piece of markup: a tag each would cost the template more than all the rest of the page.
  var years: [ReportPage.YearRow] {
    result.monthlyReturns.map { year in
      let cells = year.months.map { "<td>\($0 == nil ? "" : bare($0).html)</td>" }
      return ReportPage.YearRow(
        year: String(year.year), months: Markup(trusted: cells.joined()), total: bare(year.total))
    }
  }

  /// A percentage without its sign of percent, which the table's head says once.
  private func bare(_ value: Double?) -> Markup {
    .figure(Figures.page.percent(value).map { String($0.dropLast()) }, tinted: true)
  }

  var intervalsNote: String {
    guard let intervals = result.intervals else { return "" }
    let write = Figures.page
    let block = write.number(intervals.meanBlock, digits: 1) ?? Figures.undefined
    return "The returns replayed \(write.count(intervals.replications)) times in blocks of \(block) bars on average, "
      + "drawn at random (stationary bootstrap). An interval that holds 0 leaves open whether there is anything."
  }

  var randomEntriesNote: String? {
    guard let random = result.randomEntries else { return nil }
    let write = Figures.page
    let (own, other) = (write.percent(random.mean, digits: 2), write.percent(random.randomMean, digits: 2))
    let p = write.number(random.p, digits: 3)
    return "A position earned \(own ?? Figures.undefined) on average. The same positions, entered at bars drawn by lot "
      + "\(write.count(random.draws)) times, earned \(other ?? Figures.undefined); "
      + "a share of \(p ?? Figures.undefined) of the draws did at least as well."
  }

  var intervals: [ReportPage.IntervalRow] {
    guard let intervals = result.intervals else { return [] }
    let metrics = result.metrics
    let write = Figures.page
    func row(
      _ name: String, _ value: Double?, _ interval: BootstrapIntervals.Interval?, _ text: (Double?) -> String?
    ) -> ReportPage.IntervalRow {
      ReportPage.IntervalRow(
        figure: name, value: .figure(text(value)), ninety: .figure(range(interval?.ninety, text)),
        ninetyFive: .figure(range(interval?.ninetyFive, text)))
    }
    return [
      row("Sharpe", metrics.sharpe, intervals.sharpe) { write.number($0, digits: 2) },
      row("A year (CAGR)", metrics.cagr, intervals.cagr) { write.percent($0) },
      row("Max drawdown", metrics.maxDrawdown, intervals.maxDrawdown) { write.percent($0) },
    ]
  }

  /// Every regime in which there was a signal; a column a horizon.
  var regimes: [ReportPage.RegimeRow] {
    MarketRegime.allCases.compactMap { regime in
      let found = result.outcomes.map { outcome in outcome.regimes?.first { $0.regime == regime }?.outcome }
      guard found.contains(where: { ($0?.count ?? 0) > 0 }) else { return nil }
      return ReportPage.RegimeRow(regime: words(regime), cells: found.map(cell))
    }
  }

  private func cell(_ outcome: HorizonOutcome?) -> Markup {
    guard let outcome, let excess = Figures.page.percent(outcome.excess) else { return .figure(nil) }
    let count = Markup(text: " of \(Figures.page.count(outcome.count))")
    return Markup(trusted: Markup.figure(excess, tinted: true).html + "<span class=\"quiet\">\(count.html)</span>")
  }

  private func words(_ regime: MarketRegime) -> String {
    switch regime {
    case .bullCalm: "rising, calm"
    case .bullTurbulent: "rising, turbulent"
    case .bearCalm: "falling, calm"
    case .bearTurbulent: "falling, turbulent"
    case .unknown: "not known yet"
    }
  }

  func percent(_ range: ClosedRange<Double>?) -> String? {
    self.range(range) { Figures.page.percent($0, signed: false) }
  }

  private func range(_ range: ClosedRange<Double>?, _ text: (Double?) -> String?) -> String? {
    guard let low = text(range?.lowerBound), let high = text(range?.upperBound) else { return nil }
    return "\(low) to \(high)"
  }
}
