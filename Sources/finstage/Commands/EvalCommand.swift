import ArgumentParser
import Calendars
import MarketData
import News
import Pipelines
import StrategyModules
import Trading

struct EvalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval", abstract: "Evaluates expressions over a price file, a column each.",
    discussion: """
      finstage eval 'sma(close, 20)' 'rsi(close, 14) < 30' --data Samples/IXIC-1d.csv
      Conditions are 1 and 0; where there is no value the cell is empty (null in JSON).
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case csv, json }

  // An expression may begin with a minus, as an option does.
  @Argument(parsing: .allUnrecognized, help: "Expressions.")
  var expressions: [String]
  @Option(
    help: ArgumentHelp(
      "A CSV file with timestamp, open, high, low, close, volume; further ones as SYMBOL=FILE, for symbol(\"…\").",
      valueName: "FILE"))
  var data: [String]
  @OptionGroup var exchange: ExchangeOption
  @OptionGroup var facts: FactsOption
  @Option(help: "csv or json")
  var format = Format.csv

  func run() throws {
    let evaluation: Evaluation
    do throws(Evaluation.Faults) {
      evaluation = try Evaluation(expressions, registry: bundled)
    } catch {
      throw Failure(.usage, error.diagnostics.map(\.description).joined(separator: "\n"))
    }
    let files = try exchange.files(data)
    guard let first = files.first else { throw Failure(.usage, "--data names a price file") }
    let candles = try first.read(.plain) { ExchangeCalendar($0) }
    var others: [String: CandleSeries] = [:]
    for file in files.dropFirst() {
      guard let symbol = file.symbol else {
        throw Failure(.usage, "--data \(file.path): a further file says its symbol")
      }
      others[symbol] = try file.read(.plain) { ExchangeCalendar($0) }
    }
    let known = try FactFiles(
      news: facts.news, statements: facts.statements, lexicon: FactFiles.lexicon(facts.lexicon) ?? .bundled
    ).facts(of: first.symbol)
    let columns: [[Double]]
    do throws(GraphError) {
      columns = try evaluation.columns(over: Market(candles, others: others, facts: known))
    } catch {
      throw Failure(.usage, "\(error)")
    }
    let listing = EvaluatedColumns(expressions: expressions, candles: candles, columns: columns)
    Terminal.print(format == .csv ? listing.csv : listing.json)
  }
}
