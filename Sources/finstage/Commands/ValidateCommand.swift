import ArgumentParser
import Pipelines

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

struct ValidateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Checks the configuration and strategies, offline; tells every fault at once.",
    discussion: """
      Its one effect: where there is a database, it stamps the rules of sound strategies in it at first sight, by which
      figures are divided into those before and after; --no-stamp leaves that out.
      Exits with 0 where nothing is wrong, 1 where there are errors.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case human, json, github, sarif }

  @Argument(help: "Strategies (names, files, folders) or configurations; without any, all.")
  var paths: [String] = []
  @OptionGroup var config: ConfigOption
  @Option(help: "human, json, github (annotations of a workflow) or sarif (2.1.0)")
  var format = Format.human
  @Flag(help: "Check again whenever a file changes, until Ctrl-C.")
  var watch = false
  @Flag(help: "Stamps no rule: without any effect.")
  var noStamp = false

  func run() async throws {
    guard watch else {
      if try await check(Workspace(config)) > 0 { throw Failure(.badAnswer) }
      return
    }
    Terminal.endOnInterrupt()
    _ = try Workspace(config).files(paths)  // what is named is there at the start; later it may come and go
    while true {
      var files = WatchedFiles(files: filesMeant)
      await checkAgain()
      repeat { Terminal.pause(milliseconds: 300) } while !files.haveChanged
    }
  }

  /// The files that are meant now: some may be new, others gone.
  private func filesMeant() -> [String] {
    let strategies = try? Workspace(config).files(paths)
    return [config.path] + (strategies ?? paths)
  }

  /// Tells the time and the answer.
  private func checkAgain() async {
    Terminal.say("\(Terminal.clock) (Ctrl-C ends)")
    do throws(Failure) {
      _ = try await check(Workspace(config))
    } catch {
      Terminal.say(error.message)
    }
  }

  /// Prints the answer; gives the number of errors.
  private func check(_ workspace: Workspace) async throws(Failure) -> Int {
    var files = 0
    var sound: [Declaration] = []
    // Only what a host would run is born; a file elsewhere may have the name of one that is.
    let stamps = !watch && !noStamp && workspace.hasStore
    let own = stamps ? Set(((try? workspace.files([])) ?? []).map(ValidateCommand.plain)) : []
    var faults: [Diagnostic] = []
    if workspace.configuration != nil || !workspace.diagnostics.isEmpty, paths.isEmpty || paths.contains(config.path) {
      files += 1
      faults += workspace.diagnostics
    }
    let reader = workspace.reader
    for path in try workspace.files(paths) where path != config.path {
      files += 1
      let isConfiguration = ["config.yaml", "config.yml"].contains(path.split(separator: "/").last.map(String.init))
      if isConfiguration {
        faults += ConfigurationReader.read(path: path).faults
        continue
      }
      let (declared, diagnostics) = reader.declaration(path: path)
      faults += diagnostics
      if let declared, own.contains(ValidateCommand.plain(path)) { sound.append(declared) }
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
    await workspace.stamp(sound)
    return report.errors
  }

  /// The same file is the same text.
  private static func plain(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }
}
