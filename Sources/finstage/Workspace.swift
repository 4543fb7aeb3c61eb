import ArgumentParser
import Pipelines
import StrategyModules
import Trading

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

struct ConfigOption: ParsableArguments {
  @Option(help: "The configuration.")
  var config: String?

  /// The configuration as named, or `config.yaml`.
  var path: String { config ?? "config.yaml" }
}

/// The configuration, where there is one, and the strategy files that are meant.
struct Workspace {
  let configuration: Configuration?
  let diagnostics: [Diagnostic]
  let opened = OpenedStore()

  /// Reads the configuration. One that is named must be there; `config.yaml` may be missing.
  init(_ option: ConfigOption) throws(Failure) {
    let isThere = FileManager.default.fileExists(atPath: option.path)
    if !isThere, let named = option.config { throw Failure(.usage, "there is no file \(named)") }
    (configuration, diagnostics) = isThere ? ConfigurationReader.read(path: option.path) : (nil, [])
  }

  /// The same, and a faulty configuration ends the command.
  static func sound(_ option: ConfigOption) throws(Failure) -> Workspace {
    let workspace = try Workspace(option)
    let errors = workspace.diagnostics.filter { $0.severity == .error }
    if !errors.isEmpty { throw Failure(.unusable, errors.map(\.description).joined()) }
    return workspace
  }

  var reader: StrategyReader {
    var reader = StrategyReader(
      registry: bundled, watchlists: configuration?.watchlists.mapValues { $0.map(\.symbol) },
      channels: configuration?.channelNames, references: Environment.references(missing: .fault))
    let categories = configuration?.instruments.compactMapValues(\.category) ?? [:]
    if !categories.isEmpty { reader.categories = categories }
    let folder = folder
    reader.library = {
      Dictionary(
        Workspace.strategies(in: folder).map { (Workspace.stem($0), $0) }, uniquingKeysWith: { first, _ in first })
    }
    return reader
  }

  /// What the one file of a name or path declares, sound.
  func declaration(_ name: String) throws(Failure) -> Declaration {
    let files = try files([name])
    guard files.count == 1, let path = files.first else {
      throw Failure(.usage, "\(name): names \(files.count) strategies, where one is wanted")
    }
    let (declared, faults) = reader.declaration(path: path)
    if let declared { return declared }
    throw Failure(.unusable, faults.filter { $0.severity == .error }.map(\.description).joined(separator: "\n"))
  }

  /// The same, to be made for many values of its parameters.
  func template(_ name: String) throws(Failure) -> StrategyTemplate {
    let files = try files([name])
    guard files.count == 1, let path = files.first else {
      throw Failure(.usage, "\(name): names \(files.count) strategies, where one is wanted")
    }
    let (template, faults) = reader.template(path: path)
    if let template { return template }
    guard faults.contains(where: { $0.severity == .error }) else {
      throw Failure(
        .usage, "\(name) is no single strategy, which a sweep takes: `finstage backtest` runs rotations and portfolios")
    }
    throw Failure(.unusable, faults.filter { $0.severity == .error }.map(\.description).joined(separator: "\n"))
  }

  /// Where strategies live.
  var folder: String { configuration.map { $0.path($0.strategies) } ?? "strategies" }

  /// The files that names, files and folders mean, in that order; all strategies where none is named.
  func files(_ names: [String]) throws(Failure) -> [String] {
    guard !names.isEmpty else {
      guard FileManager.default.fileExists(atPath: folder) else {
        throw Failure(
          .usage, "there is no folder \(folder): name strategies, or a configuration that says where they are")
      }
      return Workspace.strategies(in: folder)
    }
    var files: [String] = []
    for name in names {
      var isFolder = false
      if FileManager.default.fileExists(atPath: name, isDirectory: &isFolder) {
        files += isFolder ? Workspace.strategies(in: name) : [name]
      } else if name.contains("/") || name.hasSuffix(".yaml") || name.hasSuffix(".yml") {
        throw Failure(.usage, "there is no file \(name)")
      } else {
        let all = Workspace.strategies(in: folder)
        var fitting = all.filter { Workspace.stem($0) == name }
        // A rule of a price alert is called by its file and itself.
        if fitting.isEmpty, let dot = name.lastIndex(of: ".") {
          fitting = all.filter { Workspace.stem($0) == name[..<dot] }
        }
        if fitting.isEmpty {
          throw Failure(
            .unusable,
            "there is no strategy \"\(name)\" in \(folder); "
              + suggestion(for: name, among: all.map(Workspace.stem), called: "strategies"))
        }
        files += fitting
      }
    }
    return files
  }

  /// Of what a file declares, the strategies that names mean: all of them, unless rules of a price alert are named.
  static func meant(_ names: [String], of declared: Declaration) throws(Failure) -> [Strategy] {
    guard case .priceAlert(let alert) = declared else { return declared.strategies }
    let rules = names.filter { $0.hasPrefix(alert.name + ".") && !$0.contains("/") && !$0.hasSuffix(".yaml") }
    guard !rules.isEmpty else { return alert.strategies }
    let known = alert.strategies.map(\.name)
    if let lost = rules.first(where: { !known.contains($0) }) {
      throw Failure(
        .unusable, "\(alert.name) has no rule \"\(lost)\"; \(suggestion(for: lost, among: known, called: "rules"))")
    }
    return alert.strategies.filter { rules.contains($0.name) }
  }

  static func stem(_ path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
  }

  /// The YAML files in a folder and those below it, by path.
  private static func strategies(in folder: String) -> [String] {
    let below = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
    return below.filter { path in
      (path.hasSuffix(".yaml") || path.hasSuffix(".yml")) && !path.split(separator: "/").contains { $0.hasPrefix(".") }
    }.sorted().map { folder.hasSuffix("/") ? folder + $0 : "\(folder)/\($0)" }
  }
}
