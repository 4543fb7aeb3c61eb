import ArgumentParser
import Backtesting
import Pipelines
import Trading

struct NullCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "null", abstract: "Whether the tests against luck keep their level, and find a planted edge.",
    discussion: """
      Runs all strategies, free of cost, over histories made of resampled bars, in which no rule has skill, and tests the
      whole family on each. The share of histories in which anything is called better than luck must be compatible with
      the level. In further histories one strategy has an edge by construction, and must be found. Exits with 1 where
      either fails.
      """)

  @OptionGroup var config: ConfigOption
  @Option(
    name: .customLong("strategies"), parsing: .upToNextOption,
    help: ArgumentHelp("Strategies: names, files or folders; without any, all.", valueName: "STRATEGY"))
  var strategies: [String] = []
  @Option(help: ArgumentHelp("A price file, or SYMBOL=FILE; may be repeated.", valueName: "FILE"))
  var data: [String] = []
  @OptionGroup var exchange: ExchangeOption
  @Option(help: "Histories without skill.")
  var runs = 400
  @Option(help: "Histories with a planted edge.")
  var planted = 40
  @Option(help: "The seed of all chance.")
  var seed: UInt64 = 1
  @Option(help: "The level of the tests.")
  var level = "5%"
  @Option(help: "Bootstrap replications of each test.")
  var replications = 499
  @Option(help: ArgumentHelp("mirrored: up or down by the toss of a coin; blocks: as drawn.", valueName: "null"))
  var null = "mirrored"
  @Option(
    help: ArgumentHelp("Mean length of the resampled blocks; without it, by Politis and White.", valueName: "bars"))
  var block: Double?

  func run() async throws {
    guard (1...100_000).contains(runs), (1...10_000).contains(planted), (19...100_000).contains(replications) else {
      throw Failure(.usage, "--runs is 1 to 100000, --planted 1 to 10000, --replications 19 to 100000")
    }
    guard let null = ResampledCandles.Null(rawValue: null) else {
      throw Failure(.usage, "--null is mirrored or blocks; found \"\(null)\"")
    }
    if let block, !(block >= 1 && block.isFinite) { throw Failure(.usage, "--block is 1 or more bars") }
    let level = try share()
    let workspace = try Workspace.sound(config)
    var plan = try BacktestPlan(workspace, strategies: strategies, data: try exchange.files(data), symbol: nil)
    var families: [NullFamily] = []
    try await plan.each { strategies, market in
      families.append(
        try NullFamily(strategies, market, null, block: block, replications: replications, seed: seed, workspace))
    }
    guard plan.failures.isEmpty else { throw Failure(.unusable, plan.failures.joined(separator: "\n")) }
    families.removeAll { $0.strategies == 0 }
    guard !families.isEmpty else { throw Failure(.unusable, "there is no strategy of one symbol to test") }
    for family in families {
      Terminal.say(
        "\(family.symbol): \(family.strategies) strategies, \(family.bars) bars, blocks of "
          + "\(Int(family.meanBlock.rounded())) on average")
      if !family.joint.isEmpty {
        Terminal.say("left out, for they read other series besides: \(family.joint.joined(separator: ", "))")
      }
      if !family.inside.isEmpty {
        Terminal.say(
          "left out, for they enter inside the bars, whose shapes stay real: \(family.inside.joined(separator: ", "))")
      }
    }
    var progress = Progress("histories", of: runs + planted)
    let ordinary = try await nullTrials(families, numbers: 0..<runs, planted: false) { progress.step("without skill") }
    let edged = try await nullTrials(families, numbers: runs..<runs + planted, planted: true) {
      progress.step("with a planted edge")
    }
    progress.finish()
    guard let verdict = NullVerdict(ordinary, planted: edged, level: level) else {
      throw Failure(.unusable, "no strategy has returns that could be tested")
    }
    Terminal.print(verdict.text)
    if !verdict.isSound { throw Failure(.badAnswer) }
  }

  private func share() throws(Failure) -> Double {
    let isPercent = level.hasSuffix("%")
    if let value = Double(isPercent ? String(level.dropLast()) : level) {
      let share = isPercent ? value / 100 : value
      if share > 0, share <= 0.5 { return share }
    }
    throw Failure(.usage, "--level is a share above 0% to 50%; found \"\(level)\"")
  }
}
