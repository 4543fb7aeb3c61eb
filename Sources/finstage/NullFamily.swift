import Backtesting
import Pipelines
import Trading

/// The strategies of one series of prices, and histories made of its bars.
struct NullFamily: Sendable {
  let symbol: String
  let strategies: Int
  /// Those that read other series besides, for which there is no joint history.
  let joint: [String]
  /// Those whose entries rest inside a bar. A drawn bar keeps its shape, and the shapes of real days run on once they
  /// have reached a price: such an entry has skill in every history.
  let inside: [String]
  let bars: Int
  let meanBlock: Double
  private let trials: NullTrials
  /// Standard deviations by which a planted bar moves.
  private let edge: Double

  init(
    _ strategies: [Strategy], _ market: Market, _ null: ResampledCandles.Null, block: Double?, replications: Int,
    seed: UInt64, _ workspace: Workspace
  ) throws(Failure) {
    let candles = market.deciding.totalReturn
    symbol = candles.instrument.symbol
    guard let prices = ResampledCandles(candles, null: null, meanBlock: block) else {
      throw Failure(.unusable, "\(symbol): too few bars, or prices of 0 or less, to make histories of")
    }
    let single = strategies.filter { $0.graph.symbols.isEmpty && $0.groups.isEmpty }
    let alone = single.filter { $0.plan.entry == .market }
    self.strategies = alone.count
    joint = strategies.filter { !$0.graph.symbols.isEmpty || !$0.groups.isEmpty }.map(\.name)
    inside = single.filter { $0.plan.entry != .market }.map(\.name)
    bars = candles.count
    meanBlock = prices.meanBlock
    // Half of the bars are held, so a mean of edge / 2 stands against half of the deviation: 6 standard errors.
    edge = 6 / Double(candles.count).squareRoot()
    trials = NullTrials(
      alone, planted: try NullFamily.planted(workspace), prices: prices, replications: replications, seed: seed)
  }

  func trial(_ number: Int, planted: Bool) throws -> NullTrial? { try trials.trial(number, edge: planted ? edge : 0) }

  /// Holds while the volume says that prices will rise.
  private static func planted(_ workspace: Workspace) throws(Failure) -> Strategy {
    let text = """
      name: planted-edge
      timeframe: 1d
      symbols: [PLANTED]
      pipeline:
        - id: known
          buy: volume > 1.5
          sell: volume < 1.5
      """
    let (strategy, faults) = workspace.reader.read(file: "planted-edge.yaml", bytes: Array(text.utf8))
    guard let strategy else { throw Failure(.unusable, faults.map(\.description).joined(separator: "\n")) }
    return strategy
  }
}

/// Runs the histories, as many at once as there are processors; number n is the same whatever ran before it.
func nullTrials(
  _ families: [NullFamily], numbers: Range<Int>, planted: Bool, step: () -> Void
) async throws -> [NullTrial] {
  try await withThrowingTaskGroup(of: NullTrial?.self) { group in
    var left = numbers.makeIterator()
    func start() {
      guard let number = left.next() else { return }
      let family = families[number % families.count]
      group.addTask { try family.trial(number, planted: planted) }
    }
    for _ in 0..<Terminal.processors { start() }
    var trials: [NullTrial] = []
    while let trial = try await group.next() {
      if let trial { trials.append(trial) }
      step()
      start()
    }
    return trials
  }
}
