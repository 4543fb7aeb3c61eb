import ArgumentParser
import Pipelines
import PluginKit
import StrategyModules

struct ModulesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "modules", abstract: "Lists what strategies are made of, or explains one module.")

  @Argument(help: "A module's id.")
  var id: String?

  func run() throws {
    guard let id else {
      Terminal.print(ModuleReference.list(of: bundled))
      return
    }
    guard let text = ModuleReference.page(of: id, in: bundled) else {
      let known = Array(bundled.signals.keys) + Array(bundled.indicators.keys)
      throw Failure(
        .usage, "there is no module \"\(id)\"; \(suggestion(for: id, among: known.sorted(), called: "modules"))")
    }
    Terminal.print(text)
  }
}
