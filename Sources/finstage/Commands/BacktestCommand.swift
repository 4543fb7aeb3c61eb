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
  @OptionGroup var exchange: ExchangeOption
  @OptionGroup var facts: FactsOption
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
    let files = try exchange.files(data)
    var lengths: Set<Timeframe>?
    if let symbol, files.isEmpty { lengths = try await workspace.lengths(of: symbol) }
    var plan = try BacktestPlan(
      workspace, strategies: strategies, data: files, symbol: symbol, takesBooks: true,
      takesAlerts: !strategies.isEmpty, tryingAt: lengths, prices: replay.prices.prices, facts: facts)
    var progress = Progress("backtesting", of: plan.size)
    let ledger = ledger.place(in: workspace)
    if !isDetailed, ledger.path == nil {
      // Nobody will look at single trades or bars.
      let outcome = try await plan.summarize(options, latest: max(0, latest)) { progress.step($0) }
      progress.finish()
      table(outcome.summaries, [], books: outcome.books)
      return try fail(plan, hasResults: !outcome.summaries.isEmpty)
    }
    // With --to the latest signals of all bars are not those that are shown.
    let tellsAll = isDetailed || latest > 1_000 || options.to != nil
    var outcome = try await plan.run(options, reasons: tellsAll ? .all : .latest(max(0, latest))) {
      progress.step($0)
    }
    if intervals {
      for index in outcome.results.indices {
        let result = outcome.results[index]
        outcome.results[index].intervals = BootstrapIntervals(of: result)
        outcome.results[index].randomEntries = outcome.candles[result.symbol].flatMap {
          randomEntries(result, on: $0.totalReturn, fill: options.fill, draws: 1_000, seed: 1)
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
    case .table: table(results.map(\.summary), selections, books: results)
    case .json: Terminal.print(try BacktestReport(results, selections: selections).json())
    case .html: Terminal.print(try report.render())
    }
    if let html { Terminal.say("report: \(html)") }
    try fail(plan, hasResults: !results.isEmpty)
  }

  /// Names what could not be run, and ends the command so where that is not nothing.
  private func fail(_ plan: BacktestPlan, hasResults: Bool) throws(Failure) {
    guard !plan.failures.isEmpty else { return }
    Terminal.say(plan.failures.joined(separator: "\n"))
    throw Failure(hasResults ? .partly : .unusable)
  }

  /// Which prices were read, in one line.
  private static func prices(_ summaries: [BacktestSummary]) -> String {
    let adjusted = Set(summaries.filter { $0.prices == .adjusted }.map(\.symbol)).sorted()
    if adjusted.isEmpty { return "Prices: unadjusted. \(PriceBasis.unadjusted.note)" }
    let isAll = summaries.allSatisfy { $0.prices == .adjusted }
    return "Prices: adjusted\(isAll ? "" : " of \(adjusted.joined(separator: ", "))"). \(PriceBasis.adjusted.note)"
  }

  private func table(_ summaries: [BacktestSummary], _ selections: [Selection], books: [BacktestResult]) {
    let (width, colour) = (Terminal.width, Terminal.colour)
    Terminal.print(LeagueTable(summaries: summaries, selections: selections).text(width: width, colour: colour))
    for book in books.compactMap({ PortfolioTable($0) }) {
      Terminal.print("\n" + book.text(width: width, colour: colour))
    }
    Terminal.print("\n" + BacktestCommand.prices(summaries))
    guard latest > 0 else { return }
    Terminal.print("\n" + LatestSignals(summaries: summaries, count: latest).text(width: width, colour: colour))
  }
}
