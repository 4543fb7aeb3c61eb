import ArgumentParser
import Engine
import MarketData
import Storage
import Trading

struct ImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Takes price files into the store.",
    discussion: """
      finstage import AAPL.csv --symbol AAPL --timeframe 1d
      finstage import prices/*.csv        a file a symbol, called by its name: MSFT.csv, MSFT-1d.csv
      Bars that are there already stay as they are; those that differ become a revision, and the old value is kept.
      """)

  @Argument(help: ArgumentHelp("Price files, or SYMBOL=FILE.", valueName: "FILE"))
  var files: [String]
  @OptionGroup var config: ConfigOption
  @Option(help: "The symbol of the files. Default: the name of each file.")
  var symbol: String?
  @Option(help: "The length of a bar. Default: each file's own spacing.")
  var timeframe: String?
  @Option(help: "Under which source they are kept.")
  var source = CandleKey.imported

  func validate() throws {
    if let timeframe, Timeframe(timeframe) == nil {
      throw ValidationError("--timeframe \"\(timeframe)\" is none; write 1m 5m 15m 1h 4h 1d 1w 1mo")
    }
    guard !source.isEmpty else { throw ValidationError("--source is empty") }
  }

  func run() async throws {
    let files = files.map { DataFile($0) }
    if symbol != nil, let other = files.first(where: { $0.symbol != nil }) {
      throw Failure(.usage, "\(other.symbol ?? "")=\(other.path): --symbol names the symbol of all files already")
    }
    let workspace = try Workspace.sound(config)
    let store = try await workspace.storeForCollecting()
    var progress = Progress("importing", of: files.count)
    var failures: [Failure] = []
    Terminal.noteInterrupt()
    for file in files {
      guard !Terminal.isInterrupted else {
        progress.finish()
        throw Failure(.interrupted, "interrupted before \(file.path); what came before it is kept")
      }
      do throws(Failure) {
        let (key, history) = try read(file)
        let saved = try await storing { () async throws(StoreError) in
          try await store.save(history, under: key, fetchedAt: Terminal.now)
        }
        progress.step(key.symbol)
        let corrected = saved.corrected + saved.readjusted
        Terminal.print("\(key): \(saved.new) new, \(saved.unchanged) unchanged, \(corrected) corrected")
        try await look(at: key, saved, workspace, store)
      } catch {
        failures.append(error)
      }
    }
    progress.finish()
    for failure in failures { Terminal.say(failure.message) }
    if let first = failures.first {
      throw Failure(failures.count < files.count ? .partly : failures.count == 1 ? first.code : .unusable)
    }
  }

  /// Says what is wrong with the prices that came in, and mends it where the configuration says so.
  private func look(
    at key: CandleKey, _ saved: SavedCandles, _ workspace: Workspace, _ store: SQLiteStore
  ) async throws(Failure) {
    guard let stage = try workspace.stage(for: key, in: store) else { return }
    let check = try await storing { () async throws(StoreError) -> CandleCheck? in
      guard let checked = try await stage.run(key, after: saved) else { return try await store.check(of: key) }
      if let repair = checked.repair { Terminal.say(repair.line(key)) }
      return CandleCheck(checked.left, at: Terminal.now)
    }
    if let line = check?.line(key) { Terminal.say(line) }
  }

  private func read(_ file: DataFile) throws(Failure) -> (CandleKey, PriceHistory) {
    let wanted = timeframe.flatMap { Timeframe($0) }
    let history: PriceHistory
    do throws(PriceFileError) {
      let instrument = Instrument(symbol: symbol ?? file.symbol ?? "")
      history = try PriceFile.readHistory(path: file.path, instrument: instrument, timeframe: wanted).history
    } catch {
      if case .notThere = error { throw Failure(.usage, "\(error)") }
      throw Failure(.unusable, "\(error)")
    }
    let length = history.series.timeframe
    if let wanted, let own = Timeframe.inferred(from: history.series.times),
      own.milliseconds * 10 < wanted.milliseconds * 9
    {
      throw Failure(.unusable, "\(file.path): its bars are \(own) apart, where --timeframe says \(wanted)")
    }
    let name = symbol ?? file.symbol ?? ImportCommand.symbol(of: file.path, length)
    return (CandleKey(source: source, symbol: name, timeframe: length), history)
  }

  /// The file's name without its ending and its timeframe.
  private static func symbol(of path: String, _ timeframe: Timeframe) -> String {
    let stem = Workspace.stem(path)
    return stem.hasSuffix("-\(timeframe)") ? String(stem.dropLast("-\(timeframe)".count)) : stem
  }
}
