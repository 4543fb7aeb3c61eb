import ArgumentParser
import Backtesting
import Insights
import Pipelines
import StrategyModules
import Trading

struct InsightsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "insights",
    abstract: "What is known of a symbol now: regime, forecast, analogues, patterns and situations of its signals.",
    discussion: """
      Everything is computed from bars up to the last one, or up to --to. Signals are those of the named strategies, \
      without any of all that act on the symbol.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

  @Argument(help: "Symbols; without any, those of the files or of the strategies.")
  var symbols: [String] = []
  @Option(
    name: .customLong("strategies"), parsing: .upToNextOption,
    help: ArgumentHelp("Strategies: names, files or folders; without any, all.", valueName: "STRATEGY"))
  var strategies: [String] = []
  @OptionGroup var config: ConfigOption
  @Option(help: ArgumentHelp("A price file, or SYMBOL=FILE; may be repeated.", valueName: "FILE"))
  var data: [String] = []
  @OptionGroup var exchange: ExchangeOption
  @Option(help: "Only this symbol.")
  var symbol: String?
  @Option(help: ArgumentHelp("The last day that is looked at.", valueName: "DATE"))
  var to: String?
  @Option(help: "Bars over which what follows is measured, 1 to 60.")
  var horizon = 5
  @Option(help: "Bars that analogues are compared by, 2 to 1000.")
  var analogue = 20
  @Option(help: "Circular shifts of the tests, 19 to 100000.")
  var shifts = 499
  @Option(help: "The seed of all chance.")
  var seed: UInt64 = 1
  @OptionGroup var prices: PricesOption
  @Option(help: "table or json")
  var format = Format.table

  func run() async throws {
    let settings = try settings()
    let last = try lastMoment()
    let wanted = symbols + [symbol].compactMap { $0 }
    let workspace = try Workspace.sound(config)
    let files = try exchange.files(data)
    let gathering = InsightsGathering(workspace, files, prices.prices, until: last, settings)
    var progress = Progress("insights", of: max(1, wanted.count))
    let gathered = try await gathering.insights(strategies: strategies, symbols: wanted) { progress.step($0) }
    progress.finish()
    switch format {
    case .table: Terminal.print(gathered.insights.map { InsightsText(insights: $0).text }.joined(separator: "\n\n"))
    case .json:
      Terminal.print(
        JSONValue.object([("insights", .array(gathered.insights.map(\.json)))]).text)
    }
    guard gathered.failures.isEmpty else {
      Terminal.say(gathered.failures.joined(separator: "\n"))
      throw Failure(gathered.insights.isEmpty ? .unusable : .partly)
    }
  }

  /// The end of the last day.
  private func lastMoment() throws(Failure) -> Instant? {
    guard let to else { return nil }
    guard let moment = Instant(to) else { throw Failure(.usage, "--to \"\(to)\" is no date; write 2024-06-30") }
    return to.count == 10 ? moment.advanced(by: 86_399_999) : moment
  }

  private func settings() throws(Failure) -> SymbolInsights.Settings {
    for (name, value, range) in [
      ("--horizon", horizon, 1...60), ("--analogue", analogue, 2...1_000), ("--shifts", shifts, 19...100_000),
    ] where !range.contains(value) {
      throw Failure(.usage, "\(name) is \(range.lowerBound) to \(range.upperBound); found \(value)")
    }
    var settings = SymbolInsights.Settings()
    (settings.horizon, settings.analogueBars, settings.shifts, settings.seed) = (horizon, analogue, shifts, seed)
    return settings
  }
}
