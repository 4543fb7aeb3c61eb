import ArgumentParser

@main
struct Finstage: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "finstage",
    abstract: "A self-hosted strategy host: strategies in YAML, checked, evaluated and backtested.",
    version: Finstage.version,
    subcommands: [
      InitCommand.self, NewCommand.self, AddCommand.self, ValidateCommand.self, TestCommand.self, BacktestCommand.self,
      SweepCommand.self, SweepWorkerCommand.self, LedgerCommand.self, VerifyCommand.self, ExplainCommand.self,
      DescribeCommand.self, DataCommand.self, EvalCommand.self, ModulesCommand.self, CalendarCommand.self,
      FetchCommand.self, ImportCommand.self, CandlesCommand.self, BackupCommand.self, RestoreCommand.self,
      DoctorCommand.self, ScanCommand.self, PlanCommand.self, RunCommand.self, ScheduleCommand.self, NotifyCommand.self,
      NewsCommand.self, OutboxCommand.self, TokenCommand.self, PerformanceCommand.self, InsightsCommand.self,
      CompaniesCommand.self, SentimentCommand.self, ReportCommand.self, BirthsCommand.self,
      SchemaCommand.self, ReferenceCommand.self, SelftestCommand.self,
    ])

  static let version = "0.1.0"

  /// Runs the command and turns what went wrong into the exit codes of the contract.
  static func main() async {
    do {
      var command = if let plain = Directly.command() { plain } else { try parseAsRoot() }
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch let failure as Failure {
      if !failure.message.isEmpty { Terminal.say(failure.message) }
      Terminal.exit(failure.code)
    } catch {
      let code = exitCode(for: error)
      if code == .success {
        Terminal.print(fullMessage(for: error))
        Terminal.exit(.fine)
      }
      Terminal.say(fullMessage(for: error))
      Terminal.exit(.usage)
    }
  }
}

/// The same commands without a look for a request of completions, which takes longer than to read the arguments. Whatever
/// is no plain command is left to `Finstage`, and so are all messages.
private struct Directly: ParsableCommand {
  static let configuration = {
    var configuration = Finstage.configuration
    configuration._superCommandName = ""  // of a command within another, nobody asks for completions
    return configuration
  }()

  static func command() -> (any ParsableCommand)? {
    guard let command = try? parseAsRoot() else { return nil }
    return configuration.subcommands.contains { $0 == type(of: command) } ? command : nil
  }
}

/// How a command ends.
enum Ending: Int32 {
  case fine = 0
  /// The work was done and the answer is bad.
  case badAnswer = 1
  /// Wrong usage, or a file named on the command line is not there.
  case usage = 2
  /// The configuration, a named strategy or a data file cannot be used.
  case unusable = 3
  /// One of several failed; it has been named.
  case partly = 4
  /// Ctrl-C.
  case interrupted = 130
}

/// A command that cannot go on.
struct Failure: Error, CustomStringConvertible {
  var code: Ending
  var message: String
  /// What a log says of it.
  var description: String { message }

  init(_ code: Ending, _ message: String = "") {
    self.code = code
    self.message = message
  }
}
