import ArgumentParser
import News
import Storage
import Trading

struct CompanyImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Takes registers and statements into the store, with where they came from.",
    discussion: """
      A register is a table with symbol and name (name_ko, sector, industry, category, exchange, currency), a list of
      Nasdaq (nasdaqlisted.txt, otherlisted.txt), the SEC's company_tickers.json or FMP's profiles. Statements are a table
      or FMP's JSON with symbol, end, period, filed and a column a field. What a file says replaces what was there; what it
      does not say stays. A figure of a filing that is known stays as it was: another value counts from now on.
      """)

  @Argument(help: ArgumentHelp("Files, or SYMBOL=FILE for statements of one company.", valueName: "FILE"))
  var files: [String]
  @OptionGroup var config: ConfigOption
  @Option(help: "What the files are called as a source. Default: the name of each.")
  var source: String?

  func run() async throws {
    let workspace = try Workspace.sound(config)
    let store = try await workspace.storeForCollecting()
    var failures: [Failure] = []
    for argument in files {
      let file = DataFile(argument)
      do throws(Failure) {
        let records = try TableFile.records(file.path)
        let origin = source ?? "file \(file.path.split(separator: "/").last.map(String.init) ?? file.path)"
        Terminal.print(try await CompanyImport(store: store, source: origin).take(records, file, at: Terminal.now))
      } catch {
        failures.append(error)
      }
    }
    for failure in failures { Terminal.say(failure.message) }
    if let first = failures.first { throw Failure(failures.count < files.count ? .partly : first.code) }
  }
}

/// Takes records of companies into the store.
struct CompanyImport {
  let store: SQLiteStore
  let source: String

  /// What became of them, in a line.
  func take(_ records: [Record], _ file: DataFile, at now: Instant) async throws(Failure) -> String {
    do throws(RecordFault) {
      if FiledStatement.fits(records) {
        return try await statements(try FiledStatement.read(records, file: file.path, symbol: file.symbol), at: now)
      }
      guard CompanyTable.fits(records) else {
        throw RecordFault(
          file.path, ["is neither a register (symbol, name, …) nor statements (symbol, end, period, filed, revenue, …)"])
      }
      let profiles = try CompanyTable.read(records, file: file.path)
      return try await register(profiles, file, at: now)
    } catch let fault as RecordFault {
      throw Failure(.unusable, "\(fault)")
    } catch let failure as Failure {
      throw failure
    } catch {
      throw Failure(.unusable, "\(error)")
    }
  }

  private func register(
    _ profiles: [InstrumentProfile], _ file: DataFile, at now: Instant
  ) async throws(Failure) -> String {
    try await storing { () async throws(StoreError) in
      let known = Dictionary(
        try await store.profiles().map { ($0.instrument, $0) }, uniquingKeysWith: { first, _ in first })
      var (new, changed) = (0, 0)
      let saved = profiles.compactMap { profile -> InstrumentProfile? in
        guard var merged = known[profile.instrument].map(profile.filled) else {
          new += 1
          return profile.taken(from: source, at: now)
        }
        // Who asks again and finds the same has changed nothing.
        (merged.source, merged.updatedAt) = (known[profile.instrument]?.source, known[profile.instrument]?.updatedAt)
        if merged == known[profile.instrument] { return nil }
        changed += 1
        return merged.taken(from: source, at: now)
      }
      try await store.save(saved)
      return "\(file.path): \(new) new, \(changed) changed, \(profiles.count - new - changed) unchanged"
    }
  }

  private func statements(_ statements: [FiledStatement], at now: Instant) async throws(Failure) -> String {
    var lines: [String] = []
    for statement in statements {
      let saved = try await storing { () async throws(StoreError) in
        try await store.save(statement.figures, of: statement.symbol, source: source, at: now)
      }
      lines.append(
        "\(statement.symbol): \(saved.new) figures new, \(saved.unchanged) unchanged"
          + (saved.changed > 0 ? ", \(saved.changed) changed by the source, known from now on" : ""))
    }
    return lines.joined(separator: "\n")
  }
}

extension InstrumentProfile {
  fileprivate func taken(from source: String, at now: Instant) -> InstrumentProfile {
    var profile = self
    (profile.source, profile.updatedAt) = (source, now)
    return profile
  }
}
