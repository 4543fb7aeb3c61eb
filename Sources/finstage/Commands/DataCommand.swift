import ArgumentParser
import Calendars
import MarketData
import Pipelines
import Trading

struct DataCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Looks after prices.", subcommands: [DataCheckCommand.self])
}

struct DataCheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Looks for what is wrong with prices, and mends it where that is asked for.",
    discussion: """
      Without --data the prices come from the sources of the configuration; without a symbol, all that it collects.
      --repair writes FILE.repaired.csv beside each file, and FILE.repairs.csv with every value that was changed and why.
      Exits with 1 where there are errors, 3 where a file cannot be used, 4 where that is one of several.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

  @Argument(help: "Symbols that the configuration collects.")
  var symbols: [String] = []
  @OptionGroup var config: ConfigOption
  @Option(parsing: .upToNextOption, help: ArgumentHelp("Price files, or SYMBOL=FILE.", valueName: "FILE"))
  var data: [String] = []
  @Option(help: ArgumentHelp("The calendar by which bars are missing; else that under collect:.", valueName: "MIC"))
  var exchange: String?
  @Flag(help: "Mend what quality.repair in the configuration names; without it, what is surely wrong.")
  var repair = false
  @Option(help: "table or json")
  var format = Format.table

  func run() async throws {
    guard symbols.isEmpty || data.isEmpty else { throw Failure(.usage, "name symbols or --data, not both") }
    guard !repair || !data.isEmpty else {
      throw Failure(.usage, "--repair mends files: name them, --data FILE.csv")
    }
    let workspace = try Workspace.sound(config)
    let plain = workspace.configuration?.quality ?? QualityRules()
    let rules = try rules(plain, exchange)
    var checked: [CheckedPrices] = []
    var failures: [Failure] = []
    var errorsLeft = false
    let wanted = data.isEmpty ? try workspace.collected(symbols) : []
    for file in data.map({ DataFile($0) }) {
      do throws(Failure) {
        let rows = try file.readRows()
        let rules = rules(rows.timeframe)
        let prices = CheckedPrices(file: file.path, rows: rows, report: QualityReport.check(rows, rules: rules))
        checked.append(prices)
        errorsLeft = try (repair ? mend(prices, rules) : prices.report).hasErrors || errorsLeft
      } catch {
        failures.append(error)
      }
    }
    for (symbol, timeframe) in wanted {
      do throws(Failure) {
        let rows = PriceRows(try await workspace.history(of: symbol, timeframe))
        let item = workspace.configuration?.item(for: symbol, timeframe)
        let rules =
          exchange == nil && item?.exchange != nil ? try self.rules(plain, item?.exchange)(timeframe) : rules(timeframe)
        let prices = CheckedPrices(rows: rows, report: QualityReport.check(rows, rules: rules))
        checked.append(prices)
        errorsLeft = errorsLeft || prices.report.hasErrors
      } catch {
        failures.append(error)
      }
    }
    let text = QualityText(checked: checked)
    Terminal.print(format == .json ? text.json : text.table)
    for failure in failures { Terminal.say(failure.message) }
    if let first = failures.first {
      throw Failure(checked.isEmpty ? (failures.count == 1 ? first.code : .unusable) : .partly)
    }
    if errorsLeft { throw Failure(.badAnswer) }
  }

  /// The rules for a timeframe, with the bars that a calendar expects.
  private func rules(_ rules: QualityRules, _ exchange: String?) throws(Failure) -> (Timeframe) -> QualityRules {
    guard let exchange else { return { _ in rules } }
    guard let calendar = ExchangeCalendar(exchange) else {
      throw Failure(
        .usage,
        "there is no calendar \"\(exchange)\"; "
          + suggestion(for: exchange, among: ExchangeCalendar.names, called: "calendars"))
    }
    return { timeframe in
      var rules = rules
      rules.expectedOpens = { calendar.opens(of: timeframe, from: $0, to: $1) }
      return rules
    }
  }

  /// Writes the mended copy and the record; gives what is found in the copy.
  private func mend(_ prices: CheckedPrices, _ rules: QualityRules) throws(Failure) -> QualityReport {
    let mended = QualityRepair(prices.rows, rules: rules)
    let path = prices.file ?? ""
    guard !mended.changes.isEmpty || !mended.mended.isEmpty else {
      Terminal.say("\(path): nothing to mend")
      return prices.report
    }
    let stem = path.lowercased().hasSuffix(".csv") ? String(path.dropLast(4)) : path
    try Output.write(mended.rows.csv, to: "\(stem).repaired.csv")
    try Output.write(mended.record, to: "\(stem).repairs.csv")
    let (findings, values) = (mended.mended.count, mended.changes.count)
    Terminal.say(
      "\(path): mended \(findings) \(findings == 1 ? "finding" : "findings"), \(values) "
        + "\(values == 1 ? "value" : "values"): \(stem).repaired.csv; what was changed: \(stem).repairs.csv")
    return QualityReport.check(mended.rows, rules: rules)
  }
}
