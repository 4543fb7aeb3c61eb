import ArgumentParser
import Pipelines
import StrategyModules

struct NewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Writes a new strategy that validates and passes its own tests, to be changed.",
    discussion: "It stands in the folder of the strategies. A file that is there is never overwritten.")

  @Argument(help: "The name: small letters, digits, - and _.")
  var name: String
  @Option(help: ArgumentHelp("A signal module to begin with; without it, expressions.", valueName: "MODULE"))
  var from: String?
  @OptionGroup var config: ConfigOption

  func run() throws {
    let workspace = try Workspace.sound(config)
    let lists = (workspace.configuration?.watchlists.keys ?? [:].keys).sorted()
    let scaffold: StrategyScaffold
    do throws(StrategyScaffold.Fault) {
      scaffold = try StrategyScaffold(
        name: name, module: from, symbols: [lists.first.map { "@\($0)" } ?? "MYSYMBOL"], registry: bundled)
    } catch {
      throw Failure(.usage, "\(error)")
    }
    let path = "\(workspace.folder)/\(name).yaml"
    try Output.writeNew([(path, scaffold.text)])
    Terminal.say("\(path): written; `finstage test \(name)` runs its tests")
  }
}
