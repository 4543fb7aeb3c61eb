import Pipelines
import StrategyModules
import Trading

extension Workspace {
  /// Why a strategy spoke at a bar or did not: of a price alert an explanation for each rule.
  ///
  /// - Parameter at: The bar: a date or a time, its label.
  func explanations(
    of strategy: String, symbol: String?, at: String, data: [DataFile] = [],
    prices: PricesOption.Kind = .adjusted, facts: FactsOption? = nil
  ) async throws -> [Explanation] {
    try await explanations(of: strategy, symbol: symbol, at: at, data: data, prices: prices, facts: facts) {
      explanation, _, _ in explanation
    }
  }

  /// The same, each with what is made of it, its strategy and the market.
  func explanations<Found>(
    of strategy: String, symbol: String?, at: String, data: [DataFile], prices: PricesOption.Kind,
    facts: FactsOption?, _ found: (Explanation, Strategy, Market) throws -> Found
  ) async throws -> [Found] {
    var plan = try BacktestPlan(
      self, strategies: [strategy], data: data, symbol: symbol, prices: prices, facts: facts)
    guard plan.markets == 1 else {
      throw Failure(.usage, "say which prices: --symbol with one of \(plan.symbols.joined(separator: ", "))")
    }
    // A strategy is one; of a price alert each rule is explained.
    var all: [Found] = []
    try await plan.each { strategies, market in
      let bar = try bar(at, in: market.deciding)
      all = try strategies.map { strategy in
        try found(try Explanation(of: strategy, at: bar, of: market, registry: bundled), strategy, market)
      }
    }
    guard !all.isEmpty else { throw Failure(.unusable, plan.failures.joined(separator: "\n")) }
    return all
  }

  /// The place of the bar that a date or a time names.
  private func bar(_ at: String, in candles: CandleSeries) throws(Failure) -> Int {
    switch BarLookup(at, in: candles) {
    case .found(let bar): return bar
    case .noTime: throw Failure(.usage, "--at \"\(at)\" is no time; write 2008-01-31 or 2008-01-31T15:30:00Z")
    case .absent(let nearest):
      throw Failure(
        .usage,
        "--at \(at): no bar has that time; the nearest: \(nearest.map(\.description).joined(separator: ", "))")
    case .several(let count, let first):
      throw Failure(.usage, "--at \(at): \(count) bars lie on that day; name one by its time: \(first)")
    }
  }
}
