import ArgumentParser
import DataSources
import Pipelines
import StrategyModules

struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Prints the JSON Schema of strategies or of the configuration, for editors.")

  enum Subject: String, ExpressibleByArgument, CaseIterable { case strategy, config }

  @Argument(help: "strategy or config")
  var subject = Subject.strategy

  func run() throws {
    switch subject {
    case .strategy: Terminal.print(StrategySchema(registry: bundled).text)
    case .config: Terminal.print(ConfigurationSchema.text)
    }
  }
}
