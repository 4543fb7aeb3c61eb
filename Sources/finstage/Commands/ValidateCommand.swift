import ArgumentParser
import Pipelines

struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Checks the configuration and strategies, offline and without any effect; tells every fault at once.",
    discussion: "Exits with 0 where nothing is wrong, 1 where there are errors.")

  enum Format: String, ExpressibleByArgument, CaseIterable { case human, json, github, sarif }

  @Argument(help: "Strategies (names, files, folders) or configurations; without any, all.")
  var paths: [String] = []
  @OptionGroup var config: ConfigOption
  @Option(help: "human, json, github (annotations of a workflow) or sarif (2.1.0)")
  var format = Format.human
  @Flag(help: "Check again whenever a file changes, until Ctrl-C.")
  var watch = false

  func run() throws {
    guard watch else {
      if try check(Workspace(config)) > 0 { throw Failure(.badAnswer) }
      return
    }
    Terminal.endOnInterrupt()
    _ = try Workspace(config).files(paths)  // what is named is there at the start; later it may come and go
    while true {
      var files = WatchedFiles(files: filesMeant)
      checkAgain()
      repeat { Terminal.pause(milliseconds: 300) } while !files.haveChanged
    }
  }

  /// The files that are meant now: some may be new, others gone.
  private func filesMeant() -> [String] {
    let strategies = try? Workspace(config).files(paths)
    return [config.path] + (strategies ?? paths)
  }

  /// Tells the time and the answer.
  private func checkAgain() {
    Terminal.say("\(Terminal.clock) (Ctrl-C ends)")
    do throws(Failure) {
      _ = try check(Workspace(config))
    } catch {
      Terminal.say(error.message)
    }
  }

  /// Prints the answer; gives the number of errors.
  private func check(_ workspace: Workspace) throws(Failure) -> Int {
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
    switch format {
    case .human: Terminal.print(report.text)
    case .json: Terminal.print(report.json)
    case .sarif: Terminal.print(SARIFLog(diagnostics: faults, version: Finstage.version).text)
    case .github:
      if !faults.isEmpty { Terminal.print(faults.map(\.workflowCommand).joined(separator: "\n")) }
      Terminal.say(report.summary)
    }
    return report.errors
  }
}
