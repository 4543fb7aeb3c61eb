import ArgumentParser
import News
import Storage
import Trading

struct CompanyImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Takes registers and statements into the store, with where they came from.",
    discussion: """
      finstage companies import nasdaqlisted.txt statements.csv AAPL=income.json
      finstage companies import --source fmp AAPL MSFT      from a server under companies: in the configuration
      A register is a table with symbol and name (name_ko, sector, industry, category, exchange, currency), a list of
      Nasdaq (nasdaqlisted.txt, otherlisted.txt), the SEC's company_tickers.json or FMP's profiles. Statements are a
      table or FMP's JSON with symbol, end, period, filed and a column a field. What a file says replaces what was
      there; what it does not say stays. A figure of a filing that is known stays as it was: another value counts from now on.
      """)

  @Argument(
    help: ArgumentHelp(
      "Files, or SYMBOL=FILE for statements of one company; with --source, symbols.", valueName: "FILE"))
  var items: [String] = []
  @OptionGroup var config: ConfigOption
  @Option(help: ArgumentHelp("A server under companies: in the configuration.", valueName: "NAME"))
  var source: String?

  func run() async throws {
    let workspace = try Workspace.sound(config)
    if let source {
      let asking = try CompanyAsking(source, workspace, symbols: items)
      let store = try await workspace.storeForCollecting()
      return try await asking.run(into: store)
    }
    guard !items.isEmpty else { throw Failure(.usage, "name a file, or a server: --source NAME") }
    let store = try await workspace.storeForCollecting()
    var failures: [Failure] = []
    for argument in items {
      let file = DataFile(argument)
      do throws(Failure) {
        let records = try TableFile.records(file.path)
        let origin = "file \(file.path.split(separator: "/").last.map(String.init) ?? file.path)"
        Terminal.print(
          try await CompanyImport(store: store, source: origin)
            .take(records, named: file.path, symbol: file.symbol, at: Terminal.now))
      } catch {
        failures.append(error)
      }
    }
    for failure in failures { Terminal.say(failure.message) }
    if let first = failures.first { throw Failure(failures.count < items.count ? .partly : first.code) }
  }
}
