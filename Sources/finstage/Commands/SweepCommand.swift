import ArgumentParser
import Backtesting
import Pipelines
import Reporting
import Trading

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

struct SweepCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep", abstract: "Backtests a strategy over many values of its parameters.",
    discussion: """
      --set trend.fast=5..50:5 sweeps a parameter of the step trend, --set n=2..20 a name under params:. Values are
      A..B, A..B:STEP, numbers with commas, words with |. A sweep that is interrupted or killed goes on where it was
      when the same command is given again. See docs/sweeps.md.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case table, json, csv, html }

  @Argument(help: "The strategy: a name or a file.")
  var strategy: String
  @Option(help: ArgumentHelp("A parameter and its values; may be repeated.", valueName: "id.param=A..B[:STEP]"))
  var set: [String] = []
  @Option(
    name: .customLong("where"), help: ArgumentHelp("Which combinations: 'a.fast < a.slow'.", valueName: "condition"))
  var condition: String?
  @OptionGroup var config: ConfigOption
  @Option(help: ArgumentHelp("A price file, or SYMBOL=FILE; may be repeated.", valueName: "FILE"))
  var data: [String] = []
  @OptionGroup var exchange: ExchangeOption
  @OptionGroup var facts: FactsOption
  @Option(help: "Only this symbol.")
  var symbol: String?
  @OptionGroup var replay: ReplayOptions
  @OptionGroup var choice: SweepOptions
  @OptionGroup var ledger: LedgerOption
  @Option(help: "table, json, csv or html")
  var format = Format.table
  @Option(help: "How many combinations are shown, the best first; without it all, in a table 20.")
  var top: Int?
  @Option(help: ArgumentHelp("The axes of the heat map; without it the first two.", valueName: "a.x,a.y"))
  var heat: String?

  func run() async throws {
    var plan = try SweepPlan(self)
    try await plan.loadPrices()
    Terminal.noteInterrupt()
    let state = try plan.state()
    do {
      Terminal.print(try plan.answer(state, self))
    } catch is Interrupted {
      Terminal.say(state.farewell)
      throw Failure(.interrupted)
    }
    state.finish()
    guard plan.failures.isEmpty else {
      Terminal.say(plan.failures.joined(separator: "\n"))
      throw Failure(.partly)
    }
  }
}

/// Which combinations are run, over which parts of the data, and by what they are ordered.
struct SweepOptions: ParsableArguments {
  @Option(help: "The metric that orders the combinations, as it is called in JSON.")
  var rank = "sharpe"
  @Option(help: "grid, random or halving")
  var search = Search.grid
  @Option(help: "Combinations that a random search draws.")
  var samples = 100
  @Option(help: "The seed of a random search.")
  var seed: UInt64 = 1
  @Option(help: "Threads; without it one a processor.")
  var jobs: Int?
  @Option(help: "The most combinations that are run.")
  var maxCombinations = 100_000
  @Option(help: ArgumentHelp("Where the work done is kept, or none; by default var/sweeps/.", valueName: "FILE"))
  var state: String?
  @Option(help: ArgumentHelp("Walks forward: rolling or anchored.", valueName: "kind"))
  var walkForward: String?
  @Option(help: "The training part of a window: 5y, 18mo, 1000b.")
  var train: String?
  @Option(help: "The test part of a window: 1y, 3mo, 250b.")
  var test: String?
  @Option(help: "How far windows lie apart; without it the length of the test part.")
  var step: String?
  @Option(help: ArgumentHelp("Ranks on the first part of the bars and shows the rest.", valueName: "70%"))
  var split: String?

  enum Search: String, ExpressibleByArgument, CaseIterable { case grid, random, halving }

  func ranking() throws(Failure) -> SweepRank {
    let names = MetricColumn.all.map(\.name)
    guard let rank = SweepRank(rank) else {
      throw Failure(
        .usage, "--rank: there is no metric \"\(rank)\"; \(suggestion(for: rank, among: names, called: "metrics"))")
    }
    if rank.column.name == "deflated_sharpe", search == .halving || walkForward != nil || split != nil {
      throw Failure(.usage, "--rank deflated_sharpe is known when all is done: rank by sharpe here")
    }
    return rank
  }

  func walk() throws(Failure) -> WalkPlan? {
    guard let walkForward else {
      for (option, value) in [("--train", train), ("--test", test), ("--step", step)] where value != nil {
        throw Failure(.usage, "\(option) belongs to --walk-forward rolling or --walk-forward anchored")
      }
      return nil
    }
    guard let kind = WalkPlan.Kind(rawValue: walkForward) else {
      throw Failure(.usage, "--walk-forward is rolling or anchored; found \"\(walkForward)\"")
    }
    if search == .halving { throw Failure(.usage, "--walk-forward goes with --search grid or random, not halving") }
    if split != nil { throw Failure(.usage, "--walk-forward and --split both cut the data: name one") }
    guard let train = try span(train, "--train"), let test = try span(test, "--test") else {
      throw Failure(.usage, "--walk-forward needs --train and --test: --train 5y --test 1y")
    }
    return WalkPlan(kind: kind, train: train, test: test, step: try span(step, "--step"))
  }

  private func span(_ text: String?, _ option: String) throws(Failure) -> WalkSpan? {
    guard let text else { return nil }
    if let span = WalkSpan(text) { return span }
    throw Failure(.usage, "\(option) \"\(text)\" is no length; write 1000b for bars, or 30d, 8w, 6mo, 5y")
  }

  func share() throws(Failure) -> Double? {
    guard let split else { return nil }
    if search == .halving { throw Failure(.usage, "--split goes with --search grid or random, not halving") }
    if let share = Diagnostics.number(split, percent: true), share > 0, share < 1 { return share }
    throw Failure(.usage, "--split is a share between 0% and 100%; found \"\(split)\"")
  }

  func checked() throws(Failure) {
    guard (1...1_000_000).contains(samples) else { throw Failure(.usage, "--samples is 1 to 1000000") }
    guard maxCombinations > 0 else { throw Failure(.usage, "--max-combinations is 1 or more") }
    if let jobs, !(1...256).contains(jobs) { throw Failure(.usage, "--jobs is 1 to 256") }
  }

  var threads: Int { jobs ?? max(1, ProcessInfo.processInfo.activeProcessorCount) }
}
