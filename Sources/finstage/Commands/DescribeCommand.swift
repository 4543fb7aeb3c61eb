import ArgumentParser
import Pipelines
import StrategyModules

struct DescribeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "describe", abstract: "Tells a strategy's rule in words, in English or Korean.")

  enum Locale: String, ExpressibleByArgument, CaseIterable { case en, ko }

  @Argument(help: "A strategy: its name or its file.")
  var strategy: String
  @OptionGroup var config: ConfigOption
  @Option(help: "en or ko")
  var locale = Locale.en

  func run() throws {
    let declared = try Workspace.sound(config).declaration(strategy)
    let words = StrategyDescription(of: declared, locale: locale == .ko ? .ko : .en, registry: bundled)
    Terminal.print(words.text)
  }
}
