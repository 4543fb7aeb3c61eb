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
    Terminal.print(format == .csv ? csv(candles, columns) : json(candles, columns))
  }

  private func csv(_ candles: CandleSeries, _ columns: [[Double]]) -> String {
    var text = (["timestamp"] + expressions.map(EvalCommand.quoted)).joined(separator: ",") + "\n"
    for bar in 0..<candles.count {
      text += candles.times[bar].description
      for column in columns {
        text += ","
        if column[bar].isFinite { text += EvalCommand.written(column[bar]) }
      }
      text += "\n"
    }
    return text
  }

  /// A row is `{ "timestamp": …, "values": […] }`, in the order of `expressions`.
  private func json(_ candles: CandleSeries, _ columns: [[Double]]) -> String {
    let names = expressions.map { JSONValue.string($0).line }.joined(separator: ", ")
    let rows = (0..<candles.count).map { bar in
      let values = columns.map { $0[bar].isFinite ? EvalCommand.written($0[bar]) : "null" }.joined(separator: ", ")
      return "    { \"timestamp\": \"\(candles.times[bar])\", \"values\": [\(values)] }"
    }
    return "{\n  \"expressions\": [\(names)],\n  \"rows\": [\n\(rows.joined(separator: ",\n"))\n  ]\n}\n"
  }

  /// The shortest text that reads back as the same number; whole ones, and so conditions, without a point.
  private static func written(_ value: Double) -> String {
    if let whole = Int64(exactly: value), abs(whole) < 1 << 53 { return "\(whole)" }
    return "\(value)"
  }

  /// A field in quotes where it needs them (RFC 4180).
  private static func quoted(_ field: String) -> String {
    guard field.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return field }
    return "\"\(field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\""
  }
}
