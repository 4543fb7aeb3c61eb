import ArgumentParser
import Backtesting
import Trading

struct LedgerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ledger", abstract: "The trial ledger: every configuration that was ever evaluated.",
    discussion: "Whoever picks the best of many must say how many there were. Nothing takes a trial out but `remove`.",
    subcommands: [LedgerListCommand.self, LedgerCompactCommand.self, LedgerRemoveCommand.self])
}

/// Which trials are meant.
struct TrialChoice: ParsableArguments {
  @Option(help: "Only trials on this symbol.")
  var symbol: String?
  @Option(help: "Only trials at this timeframe.")
  var timeframe: String?
  @Option(help: "Only trials of the strategy of this name.")
  var strategy: String?

  func validate() throws {
    if let timeframe, Timeframe(timeframe) == nil {
      throw ValidationError("--timeframe \"\(timeframe)\" is none; write 1m 5m 15m 1h 4h 1d 1w 1mo")
    }
  }

  func holds(_ trial: Trial) -> Bool {
    (symbol.map { $0 == trial.symbol } ?? true) && (strategy.map { $0 == trial.strategy } ?? true)
      && (timeframe.map { $0 == trial.timeframe.description } ?? true)
  }

  /// As it stands in the ledger beside the reason.
  var words: String {
    let parts = [
      strategy.map { "strategy \($0)" }, symbol.map { "symbol \($0)" }, timeframe.map { "timeframe \($0)" },
    ].compactMap { $0 }
    return parts.isEmpty ? "all trials" : parts.joined(separator: ", ")
  }
}

struct LedgerListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists trials.")

  enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

  @OptionGroup var config: ConfigOption
  @OptionGroup var ledger: LedgerOption
  @OptionGroup var choice: TrialChoice
  @Option(help: "table or json")
  var format = Format.table

  func run() throws {
    var ledger = try ledger.place(in: try Workspace.sound(config)).existing()
    let listing = try LedgerPlace.failing { () throws(TrialLedgerError) in
      try LedgerListing(&ledger, choice: choice)
    }
    for notice in ledger.notices { Terminal.say(notice) }
    Terminal.print(format == .json ? try listing.json() : listing.text())
  }
}

struct LedgerCompactCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compact", abstract: "Drops lines that a later one took the place of; no trial is lost.")

  @OptionGroup var config: ConfigOption
  @OptionGroup var ledger: LedgerOption

  func run() throws {
    var ledger = try ledger.place(in: try Workspace.sound(config)).existing()
    let dropped = try LedgerPlace.failing { () throws(TrialLedgerError) in try ledger.compact() }
    _ = try LedgerPlace.failing { () throws(TrialLedgerError) in try ledger.removals() }
    Terminal.print("\(ledger.path): \(dropped) lines dropped, \(ledger.count) trials stay")
  }
}

struct LedgerRemoveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Takes trials out, and leaves the reason in the file.",
    discussion: """
      Fewer trials flatter every figure that is corrected by their number. This is for what should never have been in,
      such as trials on a faulty price file. Without --yes it only says how many trials are meant.
      """)

  @OptionGroup var config: ConfigOption
  @OptionGroup var ledger: LedgerOption
  @OptionGroup var choice: TrialChoice
  @Option(help: "Why; it stays in the file.")
  var reason: String
  @Flag(help: "Does it.")
  var yes = false

  func validate() throws {
    if !reason.contains(where: { !$0.isWhitespace }) { throw ValidationError("--reason is empty") }
  }

  func run() throws {
    var ledger = try ledger.place(in: try Workspace.sound(config)).existing()
    let choice = choice
    guard yes else {
      let count = try LedgerPlace.failing { () throws(TrialLedgerError) in
        try ledger.trials().count(where: choice.holds)
      }
      throw Failure(
        .usage, "\(count) of \(ledger.count) trials would be taken out (\(choice.words)): say so with --yes")
    }
    let (reason, now) = (reason, Terminal.now)
    let count = try LedgerPlace.failing { () throws(TrialLedgerError) in
      try ledger.remove(choice.holds, what: choice.words, reason: reason, at: now)
    }
    Terminal.print("\(ledger.path): \(count) trials taken out; the reason stays in the file")
  }
}
