import ArgumentParser
import Backtesting
import Pipelines
import Reporting
import Trading

struct BacktestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backtest", abstract: "Replays strategies over prices: signals, outcomes, trades, statistics.",
    discussion: "Without --data the symbols of each strategy come from the sources of the configuration.")

  enum Format: String, ExpressibleByArgument, CaseIterable { case table, json, html }

  @Argument(help: "Strategies: names, files or folders; without any, all.")
  var strategies: [String] = []
  @OptionGroup var config: ConfigOption
  @Option(help: ArgumentHelp("A price file, or SYMBOL=FILE; may be repeated.", valueName: "FILE"))
  var data: [String] = []
  @Option(help: "Only this symbol.")
  var symbol: String?
  @OptionGroup var replay: ReplayOptions
  @OptionGroup var ledger: LedgerOption
  @Option(help: "table, json or html")
  var format = Format.table
  @Option(help: ArgumentHelp("Writes the HTML report to a file, besides.", valueName: "FILE"))
  var html: String?
  @Flag(
    help:
      "90 and 95 % intervals of Sharpe, yearly return and drawdown, and the same positions entered at random, in JSON and HTML, from 1,000 replays."
  )
  var intervals = false
  @Option(help: "How many of the latest signals the table lists.")
  var latest = 8

  func run() async throws {
    let isDetailed = format != .table || html != nil
    guard isDetailed || !intervals else {
      throw Failure(.usage, "--intervals are shown by --format json and html only")
    }
    var options = try replay.options()
    options.outcomesInDetail = isDetailed
    let workspace = try Workspace.sound(config)
    var plan = try BacktestPlan(
      workspace, strategies: strategies, data: data.map { DataFile($0) }, symbol: symbol, takesBooks: true)
    var progress = Progress("backtesting", of: plan.size)
    let ledger = ledger.place(in: workspace)
    var outcome = try await plan.run(options, reasons: isDetailed || latest > 1_000 ? .all : .latest(max(0, latest))) {
      progress.step($0)
    }
    if intervals {
      for index in outcome.results.indices {
        let result = outcome.results[index]
        outcome.results[index].intervals = BootstrapIntervals(of: result)
        outcome.results[index].randomEntries = outcome.candles[result.symbol].flatMap {
          randomEntries(result, on: $0, fill: options.fill, draws: 1_000, seed: 1)
        }
      }
    }
    progress.finish()
    let (results, selections) = try ledger.correct(outcome)
    let report = HTMLReport(
      results: results, selections: selections, candles: outcome.candles, strategies: plan.titles,
      settings: replay.described,
      version: Finstage.version)
    if let html { try Output.write(try report.render(), to: html) }
    switch format {
    case .table: table(results, selections)
    case .json: Terminal.print(try BacktestReport(results, selections: selections).json())
    case .html: Terminal.print(try report.render())
    }
    if let html { Terminal.say("report: \(html)") }
    guard plan.failures.isEmpty else {
      Terminal.say(plan.failures.joined(separator: "\n"))
      throw Failure(results.isEmpty ? .unusable : .partly)
    }
  }

  private func table(_ results: [BacktestResult], _ selections: [Selection]) {
    let (width, colour) = (Terminal.width, Terminal.colour)
    Terminal.print(LeagueTable(results, selections: selections).text(width: width, colour: colour))
    for book in results.compactMap({ PortfolioTable($0) }) {
      Terminal.print("\n" + book.text(width: width, colour: colour))
    }
    if latest > 0 { Terminal.print("\n" + LatestSignals(results, count: latest).text(width: width, colour: colour)) }
  }
}
