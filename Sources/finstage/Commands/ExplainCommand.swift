import ArgumentParser
import Pipelines
import Storage
import Trading

struct ExplainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Says why a strategy spoke at a bar, or why it did not.",
    discussion: """
      finstage explain ma20-breakout --symbol '^IXIC' --at 2008-01-02
      finstage explain 4711          # a stored signal by its number, with the news before it
      Every value, threshold and margin; ✗ marks what kept a condition from being true. Nothing after the bar is read.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  @Argument(help: "A strategy: its name or its file; or the number of a stored signal.")
  var strategy: String
  @OptionGroup var config: ConfigOption
  @Option(help: ArgumentHelp("A price file, or SYMBOL=FILE; may be repeated.", valueName: "FILE"))
  var data: [String] = []
  @OptionGroup var exchange: ExchangeOption
  @OptionGroup var facts: FactsOption
  @OptionGroup var prices: PricesOption
  @Option(help: "The symbol, from the sources of the configuration; without it the strategy's only one.")
  var symbol: String?
  @Option(
    help: ArgumentHelp("The bar: a date or an ISO time, its label. A stored signal has its own.", valueName: "TIME"))
  var at: String?
  @Option(help: "text or json")
  var format = Format.text

  func run() async throws {
    let workspace = try Workspace.sound(config)
    guard let at else {
      guard let id = Int64(strategy) else { throw Failure(.usage, "say which bar: --at 2008-01-02") }
      let signal = try await SignalContext(id, workspace)
      var explained: Explanation?
      do {
        explained = try await explanations(
          workspace, of: signal.record.strategy, symbol: signal.record.symbol, at: "\(signal.record.signal.time)"
        ).first
      } catch let failure as Failure {
        Terminal.say("its values cannot be shown: \(failure.message)")
      }
      Terminal.print(format == .json ? signal.json(explained).text : signal.text(explained))
      return
    }
    let explained = try await explanations(workspace, of: strategy, symbol: symbol, at: at)
    switch format {
    case .text: Terminal.print(explained.map(\.text).joined(separator: "\n\n"))
    case .json:
      let all = explained.map(\.json)
      Terminal.print((all.count == 1 ? all[0] : JSONValue.array(all)).text)
    }
  }

  private func explanations(
    _ workspace: Workspace, of strategy: String, symbol: String?, at: String
  ) async throws -> [Explanation] {
    try await workspace.explanations(
      of: strategy, symbol: symbol, at: at, data: try exchange.files(data), prices: prices.prices, facts: facts)
  }
}
