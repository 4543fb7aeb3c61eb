import ArgumentParser
import Calendars
import Engine
import MarketData
import Storage
import Trading

struct DataCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Looks after prices.",
    subcommands: [DataCheckCommand.self, DataRepairsCommand.self, DataUndoCommand.self])
}

struct DataCheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Looks for what is wrong with prices, and mends it where that is asked for.",
    discussion: """
      Without --data: what the store holds and what the sources that read files have; without a symbol, all of it.
      --repair writes FILE.repaired.csv beside each file, and FILE.repairs.csv with every value that changed and why. In
      the store it makes a revision: `finstage data repairs` lists it, `finstage data undo` takes it back.
      Exits with 1 where there are errors, 3 where a file cannot be used, 4 where that is one of several.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

  @Argument(help: "Symbols that were fetched or imported, or that the configuration reads from files.")
  var symbols: [String] = []
  @OptionGroup var config: ConfigOption
  @Option(parsing: .upToNextOption, help: ArgumentHelp("Price files, or SYMBOL=FILE.", valueName: "FILE"))
  var data: [String] = []
  @Option(help: "Only bars of this length.")
  var timeframe: String?
  @Option(help: ArgumentHelp("The calendar by which bars are missing; else that under collect:.", valueName: "MIC"))
  var exchange: String?
  @Flag(help: "Mend what quality.repair in the configuration names; without it, what is surely wrong.")
  var repair = false
  @Option(help: "table or json")
  var format = Format.table

  func validate() throws {
    if let timeframe, Timeframe(timeframe) == nil {
      throw ValidationError("--timeframe \"\(timeframe)\" is none; write 1m 5m 15m 1h 4h 1d 1w 1mo")
    }
  }

  func run() async throws {
    guard symbols.isEmpty || data.isEmpty else { throw Failure(.usage, "name symbols or --data, not both") }
    let workspace = try Workspace.sound(config)
    if let exchange { _ = try workspace.known(exchange) }
    var failures: [Failure] = []
    var targets = data.map { CheckTarget.file(DataFile($0)) }
    if data.isEmpty {
      let found = try await workspace.checkTargets(symbols, timeframe.flatMap { Timeframe($0) })
      (targets, failures) = (found.targets, found.lacking)
      if targets.isEmpty, failures.isEmpty {
        Terminal.say("there is nothing to check: nothing was fetched or imported")
      }
    }
    let store = try repair && targets.contains { $0.isStored } ? workspace.store(for: .writing) : nil
    var text = QualityText(format)
    var progress = Progress("checking", of: targets.count)
    var (checked, withErrors) = (0, 0)
    for target in targets {
      do throws(Failure) {
        // What is looked at is let go of before the next.
        if try await check(target, workspace, store, &text) { withErrors += 1 }
        checked += 1
      } catch {
        failures.append(error)
      }
      if format == .json { progress.step("") }
    }
    progress.finish()
    text.finish()
    for failure in failures { Terminal.say(failure.message) }
    if let first = failures.first {
      throw Failure(checked == 0 ? (failures.count == 1 ? first.code : .unusable) : .partly)
    }
    if withErrors > 0 { throw Failure(.badAnswer) }
  }

  /// Shows what is found; whether errors are left.
  private func check(
    _ target: CheckTarget, _ workspace: Workspace, _ store: SQLiteStore?, _ text: inout QualityText
  ) async throws(Failure) -> Bool {
    switch target {
    case .file(let file):
      let rows = try file.readRows()
      var rules = workspace.configuration?.quality ?? QualityRules()
      if let exchange {
        let (calendar, length) = (try workspace.known(exchange), rows.timeframe)
        rules.expectedOpens = { calendar.opens(of: length, from: $0, to: $1) }
      }
      let prices = CheckedPrices(file: file.path, rows: rows, report: QualityReport.check(rows, rules: rules))
      text.show(prices)
      return try (repair ? mend(prices, rules) : prices.report).hasErrors
    case .local(let symbol, let timeframe):
      let source = workspace.configuration?.item(for: symbol, timeframe)?.source
      let rules = try workspace.rules(for: symbol, timeframe, from: source, exchange: exchange)
      let rows = PriceRows(try await workspace.history(of: symbol, timeframe))
      let prices = CheckedPrices(rows: rows, report: QualityReport.check(rows, rules: rules))
      text.show(prices)
      if repair { Terminal.say("\(prices.name): read from files, which --data FILE --repair mends") }
      return prices.report.hasErrors
    case .stored(let key):
      let rules = try workspace.rules(for: key, exchange: exchange)
      let checked: CheckedSeries
      do throws(StoreError) {
        if let store, let stage = QualityStage(.repair, rules, in: store, now: { Terminal.now }) {
          checked = try await stage.run(key)
        } else {
          checked = try await QualityStage.look(at: key, in: try workspace.reading(), rules)
        }
      } catch {
        throw Failure(error)
      }
      text.show(CheckedPrices(checked))
      if let repair = checked.repair {
        Terminal.say(repair.line(key))
      } else if repair, checked.report.hasErrors {
        Terminal.say("\(key): nothing to mend")
      }
      return checked.left.hasErrors
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
