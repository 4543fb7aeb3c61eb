import ArgumentParser
import Pipelines
import StrategyModules

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Rewrites the files of the repository that are made from the modules. For those who work on this program.
struct ReferenceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reference", abstract: "Rewrites the reference, the schemas and tables of the docs in the repository.",
    discussion: "Exits with 1 where --check finds one that is stale.", shouldDisplay: false)

  @Flag(help: "Write nothing, and name what is stale.")
  var check = false

  private static let pages = "docs/expressions.md"
  private static let channels = "docs/channels.md"

  func run() throws {
    var stale: [String] = []
    for (path, text) in try files() where Self.read(path) != text {
      stale.append(path)
      if !check {
        try Output.write(text, to: path)
        Terminal.say("wrote \(path)")
      }
    }
    guard check, !stale.isEmpty else { return }
    throw Failure(.badAnswer, "stale, made anew by `make reference`: \(stale.joined(separator: ", "))")
  }

  private func files() throws(Failure) -> [(path: String, text: String)] {
    guard let page = Self.read(Self.pages),
      let tables = GeneratedSection.put(ExpressionTables.text(of: bundled), into: page)
    else { throw Failure(.usage, "this is not the folder of the repository: \(Self.pages) has no generated part") }
    guard let page = Self.read(Self.channels), let channels = GeneratedSection.put(ChannelTables.text, into: page)
    else { throw Failure(.usage, "this is not the folder of the repository: \(Self.channels) has no generated part") }
    return [
      ("Plugins/README.md", ModulePages(of: bundled, sources: Self.sources).text), (Self.pages, tables),
      (Self.channels, channels),
      ("strategies/strategy.schema.json", StrategySchema(registry: bundled).text),
      ("config.schema.json", ConfigurationSchema.text), ("docs/openapi.json", APIRoutes.documentText),
      ("docs/finstage.1", try ManualPage().text),
    ]
  }

  /// The modules' doc comments.
  private static var sources: [ModuleSource] {
    let folder = "StrategyModules"
    let files = (try? FileManager.default.subpathsOfDirectory(atPath: "Plugins/\(folder)")) ?? []
    return files.filter { $0.hasSuffix(".swift") }.sorted().flatMap { file in
      ModuleSource.modules(in: read("Plugins/\(folder)/\(file)") ?? "", file: "\(folder)/\(file)")
    }
  }

  private static func read(_ path: String) -> String? {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
  }
}
