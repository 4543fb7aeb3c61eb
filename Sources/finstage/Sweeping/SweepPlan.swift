import Backtesting
import Pipelines
import Reporting
import Trading

/// A sweep as asked for: checked as far as it can be before any price is read.
struct SweepPlan {
  private let workspace: Workspace
  private let template: StrategyTemplate
  private let grid: ParameterGrid
  private let combinations: [Int]
  private let rank: SweepRank
  private let options: BacktestOptions
  private let choice: SweepOptions
  private let walk: WalkPlan?
  private let share: Double?
  private var prices: BacktestPlan
  private var markets: [Market] = []
  private var windows: [WalkPlan.Window] = []

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
    prices = try BacktestPlan(
      workspace, strategies: [command.strategy], data: command.data.map { DataFile($0) }, symbol: command.symbol)
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

  private func sweep(over store: any SweepStore) -> Sweep {
    Sweep(template, grid, over: markets, options: options, jobs: choice.threads, store: store)
  }

  /// Runs it and writes the answer.
  func answer(_ state: SweepState, _ command: SweepCommand) throws -> String {
    let sweep = sweep(over: state)
    let (width, colour) = (Terminal.width, Terminal.colour)
    if let walk {
      let outcome = try sweep.walkedForward(combinations, windows, plan: walk, by: rank)
      try tell(outcome.refused, outcome.firstRefusal, of: outcome.refused + outcome.combinations)
      return command.format == .json
        ? outcome.json(strategy: template.base.name, axes: grid.axes, rank: rank)
        : WalkTable(outcome, strategy: template.base.name, axes: grid.axes, rank: rank).text(
          width: width, colour: colour)
    }
    var report = try share.map { try split($0, sweep) } ?? whole(sweep)
    report.shown = command.top ?? (command.format == .table ? 20 : nil)
    switch command.format {
    case .json: return report.json
    case .csv: return report.csv
    case .table: return SweepTable(report).text(width: width, colour: colour)
    case .html:
      let page = HeatMapPage(report, settings: command.replay.described, version: Finstage.version)
      do throws(HeatMapFault) { return try page.render(axes: command.heat) } catch {
        throw Failure(.usage, "--heat: \(error)")
      }
    }
  }

  private func whole(_ sweep: Sweep) throws -> SweepReport {
    var search = SweepReport.Search.grid
    let rows: Sweep.Rows
    let tried: Sweep.Rows
    switch choice.search {
    case .halving:
      let halved = try sweep.halved(combinations, by: rank)
      (rows, tried, search) = (halved.last, halved.first, .halving(halved.rungs))
    case .random:
      search = .random(seed: choice.seed, of: grid.size)
      rows = try sweep.rows(combinations)
      tried = rows
    case .grid:
      rows = try sweep.rows(combinations)
      tried = rows
    }
    try tell(rows.refused, rows.firstRefusal, of: combinations.count)
    let trials = markets.indices.map { market in SweepTrials(of: tried.rows.map { $0.figures[market] }) }
    let results = sweep.results(of: rows).deflated(by: trials).ranked(by: rank)
    return report(search, rows, trials, results)
  }

  private func split(_ share: Double, _ sweep: Sweep) throws -> SweepReport {
    guard let parts = sweep.split(share) else {
      throw Failure(.usage, "--split \(choice.split ?? "") leaves one part without a bar")
    }
    let rows = try sweep.splitRows(combinations, parts)
    try tell(rows.inSample.refused, rows.inSample.firstRefusal, of: combinations.count)
    let trials = markets.indices.map { market in SweepTrials(of: rows.inSample.rows.map { $0.figures[market] }) }
    let first = sweep.results(of: rows.inSample).deflated(by: trials).ranked(by: rank)
    let second = Dictionary(uniqueKeysWithValues: sweep.results(of: rows.outOfSample).map { ($0.combination, $0) })
    var report = report(
      choice.search == .random ? .random(seed: choice.seed, of: grid.size) : .grid, rows.inSample, trials, first)
    report.outOfSample = first.compactMap { second[$0.combination] }
    report.split = SampleSplit(
      share: share, inSample: parts.inSample, outOfSample: parts.outOfSample,
      between: first, and: report.outOfSample, by: rank)
    return report
  }

  private func report(
    _ search: SweepReport.Search, _ rows: Sweep.Rows, _ trials: [SweepTrials], _ results: [SweepResult]
  ) -> SweepReport {
    SweepReport(
      strategy: template.base.name, series: markets.map { SweepReport.Series($0, options) }, axes: grid.axes,
      rank: rank,
      search: search, combinations: combinations.count, refused: rows.refused, firstRefusal: rows.firstRefusal,
      trials: trials, results: results)
  }

  /// Says which combinations were left out; without any left there is no answer.
  private func tell(_ refused: Int, _ reason: String?, of count: Int) throws(Failure) {
    guard refused > 0, let reason else { return }
    if refused == count { throw Failure(.usage, "none of the \(count) combinations can be run: \(reason)") }
    Terminal.say("\(refused) of \(count) combinations cannot be run and are left out, the first for: \(reason)")
  }
}

/// Keeps nothing: for questions that need no backtest.
private final class NothingKept: SweepStore {
  func figures(of key: SweepKey) -> SweepFigures? { nil }
  func keep(_ rows: [(key: SweepKey, figures: SweepFigures)]) {}
}
