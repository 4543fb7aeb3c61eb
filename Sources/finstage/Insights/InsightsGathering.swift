import Backtesting
import Insights
import Pipelines
import StrategyModules
import Trading

/// Runs strategies over the prices of symbols, and gathers insights into each.
struct InsightsGathering {
  struct Gathered {
    var insights: [SymbolInsights] = []
    var failures: [String] = []
  }

  private let workspace: Workspace
  private let data: [DataFile]
  private let prices: PricesOption.Kind
  private let until: Instant?
  private let settings: SymbolInsights.Settings

  /// - Parameter until: bars that open later are not looked at.
  init(
    _ workspace: Workspace, _ data: [DataFile], _ prices: PricesOption.Kind, until: Instant?,
    _ settings: SymbolInsights.Settings
  ) {
    self.workspace = workspace
    self.data = data
    self.prices = prices
    self.until = until
    self.settings = settings
  }

  /// One a symbol and timeframe, in the order in which they are named; of all that strategies act on where none is.
  func insights(
    strategies: [String], symbols: [String], step: (String) -> Void
  ) async throws -> Gathered {
    var gathered = Gathered()
    let wanted: [String?] = symbols.isEmpty ? [nil] : symbols.map { $0 }
    for symbol in wanted {
      do {
        try await gather(strategies, symbol, into: &gathered, step)
      } catch let failure as Failure {
        // One of several is named, and the rest goes on.
        guard wanted.count > 1, failure.code == .unusable else { throw failure }
        gathered.failures.append("\(symbol ?? ""): \(failure.message)")
      }
    }
    return gathered
  }

  private func gather(
    _ strategies: [String], _ symbol: String?, into gathered: inout Gathered, _ step: (String) -> Void
  ) async throws {
    var lengths: Set<Timeframe>?
    if let symbol, data.isEmpty { lengths = try await workspace.lengths(of: symbol) }
    var plan = try BacktestPlan(
      workspace, strategies: strategies, data: data, symbol: symbol, tryingAt: lengths, prices: prices)
    var series: [(candles: CandleSeries, said: [(strategy: String, signals: [Signal])])] = []
    try await plan.each { strategies, market in
      var market = market
      market.deciding = market.deciding.until(until)
      let candles = market.deciding
      let runs = try Pipelines.run(strategies, over: market, reasons: .latest(0))
      let said = zip(strategies, runs).map { (strategy: $0.name, signals: $1.signals) }
      let isSame = { (one: CandleSeries) in
        one.instrument == candles.instrument && one.timeframe == candles.timeframe
      }
      if let place = series.firstIndex(where: { isSame($0.candles) }) {
        series[place].said += said
      } else {
        series.append((candles, said))
      }
    }
    gathered.failures += plan.failures
    for (candles, said) in series {
      gathered.insights.append(
        try SymbolInsights(of: candles, said: said, registry: bundled, settings))
      step(candles.instrument.symbol)
    }
  }
}

extension CandleSeries {
  /// The bars that open at a moment at the latest; all where none is named.
  fileprivate func until(_ last: Instant?) -> CandleSeries {
    guard let last else { return self }
    let end = times.firstIndex { $0 > last } ?? count
    return bars(0..<end)
  }
}
