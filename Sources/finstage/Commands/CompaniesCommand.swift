import ArgumentParser

struct CompaniesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "companies", abstract: "The register of instruments and the statements of companies.",
    discussion: """
      finstage companies                            the register
      finstage companies AAPL                       one instrument, and what its statements say
      finstage companies import nasdaqlisted.txt    takes a file in
      """,
    subcommands: [CompanyListCommand.self, CompanyImportCommand.self],
    defaultSubcommand: CompanyListCommand.self)
}
