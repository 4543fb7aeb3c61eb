/// `metrics` of a result: those that every replay has, and those that are made where they are shown.
struct MetricsRow: Encodable {
  let result: BacktestResult

  func encode(to encoder: any Encoder) throws {
    try result.metrics.encode(to: encoder)
    var row = encoder.container(keyedBy: Key.self)
    let risk = result.risk
    try row.number(risk.ulcerIndex, "ulcer_index")
    try row.number(risk.valueAtRisk, "var_95")
    try row.number(risk.conditionalValueAtRisk, "cvar_95")
    let trades = result.tradeFigures
    try row.number(trades.expectancy, "expectancy")
    try row.number(trades.payoffRatio, "payoff_ratio")
    try row.number(trades.turnover, "turnover")
    let benchmark = result.benchmark
    try row.number(benchmark.alpha, "alpha")
    try row.number(benchmark.beta, "beta")
    try row.number(benchmark.informationRatio, "information_ratio")
    try row.encode(result.monthlyReturns, forKey: "monthly_returns")
    try row.encode(result.intervals, forKey: "intervals")
    try row.encode(result.randomEntries, forKey: "random_entries")
  }
}

extension RandomEntries: Encodable {
  /// `random_entries` of the metrics.
  public func encode(to encoder: any Encoder) throws {
    var row = encoder.container(keyedBy: Key.self)
    try row.number(mean, "mean")
    try row.number(randomMean, "random_mean")
    try row.number(p, "p")
    try row.encode(positions, forKey: "positions")
    try row.encode(draws, forKey: "draws")
  }
}

extension YearOfReturns: Encodable {
  /// A row of `monthly_returns`.
  public func encode(to encoder: any Encoder) throws {
    var row = encoder.container(keyedBy: Key.self)
    try row.encode(year, forKey: "year")
    try row.encode(months.map { $0.flatMap(finite) }, forKey: "months")
    try row.number(total, "total")
  }
}

extension BootstrapIntervals: Encodable {
  /// `intervals` of the metrics.
  public func encode(to encoder: any Encoder) throws {
    var row = encoder.container(keyedBy: Key.self)
    try row.encode(replications, forKey: "replications")
    try row.number(meanBlock, "mean_block")
    try row.encode(seed, forKey: "seed")
    try row.encode(sharpe, forKey: "sharpe")
    try row.encode(cagr, forKey: "cagr")
    try row.encode(maxDrawdown, forKey: "max_drawdown")
  }
}

extension BootstrapIntervals.Interval: Encodable {
  /// Both as `[low, high]`, by their confidence in percent.
  public func encode(to encoder: any Encoder) throws {
    var row = encoder.container(keyedBy: Key.self)
    try row.encode([ninety.lowerBound, ninety.upperBound], forKey: "90")
    try row.encode([ninetyFive.lowerBound, ninetyFive.upperBound], forKey: "95")
  }
}

extension HorizonOutcome: Encodable {
  /// A value of `outcomes`, whose key is the horizon.
  public func encode(to encoder: any Encoder) throws {
    var row = encoder.container(keyedBy: Key.self)
    try encodeFigures(into: &row)
    guard let regimes else { return try row.encodeNil(forKey: "regimes") }
    var byName = row.nestedContainer(keyedBy: Key.self, forKey: "regimes")
    for regime in regimes {
      var row = byName.nestedContainer(keyedBy: Key.self, forKey: Key(stringValue: regime.regime.name))
      try regime.outcome.encodeFigures(into: &row)
    }
  }

  private func encodeFigures(into row: inout KeyedEncodingContainer<Key>) throws {
    try row.encode(count, forKey: "count")
    try row.number(successRate, "success_rate")
    try row.number(meanReturn, "mean_return")
    try row.number(sharpe, "sharpe")
    try row.number(baseRate, "base_rate")
    try row.number(excess, "excess")
    try row.encode(interval.map { [$0.lowerBound, $0.upperBound] }, forKey: "interval")
    try row.encode(grade?.rawValue, forKey: "grade")
    try row.number(favourableExcursion, "mfe")
    try row.number(adverseExcursion, "mae")
  }
}
