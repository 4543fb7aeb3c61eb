import Backtesting
import Pipelines
import Trading

/// A sweep as asked for: checked as far as it can be before any price is read.
struct SweepPlan {
  private let workspace: Workspace
  let template: StrategyTemplate
  let grid: ParameterGrid
  let combinations: [Int]
  let rank: SweepRank
  let options: BacktestOptions
  let choice: SweepOptions
  let walk: WalkPlan?
  let share: Double?
  let ledger: LedgerPlace
  private var prices: BacktestPlan
  private(set) var markets: [Market] = []
  private(set) var windows: [WalkPlan.Window] = []

  var failures: [String] { prices.failures }

  init(_ command: SweepCommand) throws {
    let choice = command.choice
    try choice.checked()
    if let top = command.top, top < 1 { throw Failure(.usage, "--top is 1 or more") }
    (rank, walk, share) = (try choice.ranking(), try choice.walk(), try choice.share())
    if walk != nil, command.format == .csv || command.format == .html {
      throw Failure(.usage, "--walk-forward is shown as a table or as json")
    }
    options = try command.replay.options()
    workspace = try Workspace.sound(command.config)
    template = try workspace.template(command.strategy)
    grid = try SweepPlan.grid(command, template)
    combinations = try SweepPlan.combinations(grid, choice)
    self.choice = choice
    ledger = command.ledger.place(in: workspace)
    prices = try BacktestPlan(
      workspace, strategies: [command.strategy], data: try command.exchange.files(command.data), symbol: command.symbol,
      prices: command.replay.prices.prices, facts: command.facts)
  }

  private static func grid(_ command: SweepCommand, _ template: StrategyTemplate) throws(Failure) -> ParameterGrid {
    guard !command.set.isEmpty else {
      throw Failure(.usage, "nothing to sweep: name parameters, --set id.param=A..B\(known(template))")
    }
    return try usage { () throws(AxisFault) in
      var axes: [ParameterAxis] = []
      for text in command.set { axes.append(try ParameterAxis(text, of: template)) }
      var condition: AxisCondition?
      if let text = command.condition { condition = try AxisCondition(text, over: axes) }
      return try ParameterGrid(axes, where: condition)
    }
  }

  private static func combinations(_ grid: ParameterGrid, _ choice: SweepOptions) throws(Failure) -> [Int] {
    try usage { () throws(AxisFault) in
      guard choice.search == .random else { return try grid.admitted(limit: choice.maxCombinations) }
      guard choice.samples <= choice.maxCombinations else {
        throw AxisFault(tooMany: choice.samples, limit: choice.maxCombinations)
      }
      return try grid.sample(choice.samples, seed: choice.seed)
    }
  }

  /// What could be swept, for who named nothing.
  private static func known(_ template: StrategyTemplate) -> String {
    let names = template.parameterNames
    return names.isEmpty ? "" : "\n   = parameters: \(names.prefix(24).joined(separator: ", "))"
  }

  private static func usage<Result>(_ body: () throws(AxisFault) -> Result) throws(Failure) -> Result {
    do throws(AxisFault) { return try body() } catch { throw Failure(.usage, error.description) }
  }

  /// Reads the prices of every symbol.
  mutating func loadPrices() async throws {
    var markets: [Market] = []
    try await prices.each { _, market in markets.append(market) }
    self.markets = markets
    guard !markets.isEmpty else { throw Failure(.unusable, failures.joined(separator: "\n")) }
    guard let walk else { return }
    let times = sweep(over: NothingKept()).walkTimes
    guard let windows = walk.windows(over: times) else {
      throw Failure(.usage, "--step is shorter than --test: bars would be tested twice")
    }
    guard !windows.isEmpty else {
      throw Failure(
        .usage, "--train \(walk.train) leaves nothing to test of \(times.count) bars that all symbols have")
    }
    self.windows = windows
  }

  /// The state that this sweep goes on from and leaves.
  func state() throws(Failure) -> SweepState {
    let folder = workspace.configuration?.path("var/sweeps") ?? "var/sweeps"
    return try SweepState(
      choice.state, folder: folder, binding: SweepBinding.text(template, grid, markets, options, mode: mode),
      progress: SweepProgress(of: size))
  }

  /// What the stages of the sweep are.
  private var mode: String {
    if !windows.isEmpty {
      return "walk "
        + windows.map { "\($0.train.lowerBound.dateText)-\($0.test.upperBound.dateText)" }.joined(separator: " ")
    }
    if let share { return "split \(share)" }
    return choice.search == .halving ? "halving" : "whole"
  }

  /// Backtests that the sweep has about.
  private var size: Int {
    let one = combinations.count * markets.count
    if choice.search == .halving { return one + one / 3 + one / 9 }
    return one * max(1, windows.count) * (share == nil ? 1 : 2)
  }

  func sweep(over store: any SweepStore) -> Sweep {
    Sweep(template, grid, over: markets, options: options, jobs: choice.threads, store: store)
  }
}

/// Keeps nothing: for questions that need no backtest.
private final class NothingKept: SweepStore {
  func figures(of key: SweepKey) -> SweepFigures? { nil }
  func keep(_ rows: [(key: SweepKey, figures: SweepFigures)]) {}
}
