import ArgumentParser
import Pipelines
import StrategyModules
import Trading

struct ExplainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Says why a strategy spoke at a bar, or why it did not.",
    discussion: """
      finstage explain ma20-breakout --symbol '^IXIC' --at 2008-01-02
      Every value, threshold and margin; ✗ marks what kept a condition from being true. Nothing after the bar is read.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  @Argument(help: "A strategy: its name or its file.")
  var strategy: String
  @OptionGroup var config: ConfigOption
  @Option(help: ArgumentHelp("A price file, or SYMBOL=FILE; may be repeated.", valueName: "FILE"))
  var data: [String] = []
  @OptionGroup var exchange: ExchangeOption
  @OptionGroup var facts: FactsOption
  @OptionGroup var prices: PricesOption
  @Option(help: "The symbol, from the sources of the configuration; without it the strategy's only one.")
  var symbol: String?
  @Option(help: ArgumentHelp("The bar: a date or an ISO time, its label.", valueName: "TIME"))
  var at: String
  @Option(help: "text or json")
  var format = Format.text

  func run() async throws {
    let workspace = try Workspace.sound(config)
    var plan = try BacktestPlan(
      workspace, strategies: [strategy], data: try exchange.files(data), symbol: symbol, prices: prices.prices, facts: facts)
    guard plan.markets == 1 else {
      throw Failure(.usage, "say which prices: --symbol with one of \(plan.symbols.joined(separator: ", "))")
    }
    var explanation: Explanation?
    try await plan.each { strategies, market in
      guard let strategy = strategies.first else { return }
      explanation = try Explanation(
        of: strategy, at: bar(in: market.deciding), of: market, registry: bundled)
    }
    guard let explanation else { throw Failure(.unusable, plan.failures.joined(separator: "\n")) }
    Terminal.print(format == .json ? explanation.json.text : explanation.text)
  }

  private func bar(in candles: CandleSeries) throws(Failure) -> Int {
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
