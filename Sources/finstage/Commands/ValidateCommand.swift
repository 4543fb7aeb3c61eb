import ArgumentParser
import Pipelines

struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Checks the configuration and strategies, offline and without any effect; tells every fault at once.",
    discussion: "Exits with 0 where nothing is wrong, 1 where there are errors.")

  enum Format: String, ExpressibleByArgument, CaseIterable { case human, json }

  @Argument(help: "Strategies (names, files, folders) or configurations; without any, all.")
  var paths: [String] = []
  @OptionGroup var config: ConfigOption
  @Option(help: "human or json")
  var format = Format.human

  func run() throws {
    let workspace = try Workspace(config)
    var files = 0
    var faults: [Diagnostic] = []
    if workspace.configuration != nil || !workspace.diagnostics.isEmpty, paths.isEmpty || paths.contains(config.path) {
      files += 1
      faults += workspace.diagnostics
    }
    let reader = workspace.reader
    for path in try workspace.files(paths) where path != config.path {
      files += 1
      let isConfiguration = ["config.yaml", "config.yml"].contains(path.split(separator: "/").last.map(String.init))
      faults += isConfiguration ? ConfigurationReader.read(path: path).faults : reader.read(path: path).diagnostics
    }
    let report = ValidationReport(files: files, diagnostics: faults)
    Terminal.print(format == .json ? try report.json() : report.text)
    if report.errors > 0 { throw Failure(.badAnswer) }
  }
}
