import ArgumentParser
import Backtesting
import Trading

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

struct LedgerOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The trial ledger. Default: ledger of the configuration, else var/trials.jsonl beside it; none without one.",
      valueName: "FILE|none"))
  var ledger: String?

  /// Where trials are kept.
  func place(in workspace: Workspace) -> LedgerPlace {
    if let ledger { return LedgerPlace(path: ledger == "none" ? nil : ledger, isNamed: true) }
    // Without a configuration there is no folder that is the project's own: no file appears where nobody asked for one.
    guard let configuration = workspace.configuration else { return LedgerPlace(path: nil, isNamed: false) }
    if configuration.ledger == "none" { return LedgerPlace(path: nil, isNamed: true) }
    return LedgerPlace(
      path: configuration.path(configuration.ledger ?? "var/trials.jsonl"), isNamed: configuration.ledger != nil)
  }
}

/// The trial ledger of a run, if there is one.
struct LedgerPlace {
  var path: String?
  /// Whether the user said so; else it is the default.
  var isNamed: Bool

  /// Records the results and corrects them for luck; without a ledger they stay as they are.
  func correct(
    _ outcome: BacktestPlan.Outcome
  ) throws(Failure) -> (results: [BacktestResult], selections: [Selection]) {
    guard let path else { return (outcome.results, []) }
    var ledger = TrialLedger(path: path)
    do throws(TrialLedgerError) {
      let corrected = try ledger.correct(outcome.results, outcome.configurations)
      for notice in ledger.notices { Terminal.say(notice) }
      return corrected
    } catch {
      // Where nobody asked for the file, a folder that cannot be written to is no reason to show nothing.
      if case .cannotWrite = error, !isNamed {
        Terminal.say("\(error); these trials are not recorded, and the figures not corrected for luck")
        return (outcome.results, [])
      }
      throw Failure(.unusable, "\(error)")
    }
  }

  /// What goes wrong with a ledger ends the command.
  static func failing<Value>(_ body: () throws(TrialLedgerError) -> Value) throws(Failure) -> Value {
    do throws(TrialLedgerError) { return try body() } catch { throw Failure(.unusable, "\(error)") }
  }

  /// A ledger that is there.
  func existing() throws(Failure) -> TrialLedger {
    guard let path else {
      throw Failure(.usage, "there is no trial ledger: name one with --ledger FILE, or in the configuration")
    }
    guard FileManager.default.fileExists(atPath: path) else {
      throw Failure(.usage, "there is no trial ledger \(path)")
    }
    return TrialLedger(path: path)
  }
}
