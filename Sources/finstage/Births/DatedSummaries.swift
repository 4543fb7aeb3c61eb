import Backtesting
import Pipelines
import Trading

extension BacktestPlan {
  /// Adds to summaries of strategies over one market what came after the births of their rules.
  static func date(
    _ summaries: inout [BacktestSummary], _ strategies: [(strategy: Strategy, birth: RuleBirth?)], _ market: Market,
    _ options: BacktestOptions
  ) throws(GraphError) {
    guard let last = market.deciding.times.last, summaries.count == strategies.count else { return }
    var divided: [Int] = []
    for (place, one) in strategies.enumerated() {
      guard let birth = one.birth else { continue }
      if birth.precedes(last) { divided.append(place) } else { summaries[place].birth = (birth, BirthSplit.Part()) }
    }
    guard !divided.isEmpty else { return }
    let runs = try Pipelines.run(divided.map { strategies[$0].strategy }, over: market, reasons: .latest(0))
    var replays = BirthReplays(on: market, options: options)
    for (place, run) in zip(divided, runs) {
      let (strategy, birth) = strategies[place]
      guard let birth else { continue }
      summaries[place].birth = (birth, replays.after(birth, run, strategy.plan, strategy.name))
    }
  }
}
