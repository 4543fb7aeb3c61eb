import ArgumentParser

struct SelftestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "selftest", abstract: "Tests of the program's own statistics.", subcommands: [NullCommand.self])
}
