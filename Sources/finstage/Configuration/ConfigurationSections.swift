import Pipelines

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a configuration says, key by key at the top, so that two readings can be compared: comments and layout do not
/// count, what references bring does, and so do the templates of messages.
struct ConfigurationSections: Equatable {
  private let texts: [String: String]

  /// Of a file that cannot be read, nothing.
  init(path: String) {
    let file = YAMLFile(path: path, references: Environment.references(missing: .warning))
    var texts: [String: String] = [:]
    for entry in file.root?.entries ?? [] {
      texts[entry.name] = ConfigurationSections.text(of: entry.value, file.diagnostics)
    }
    self.texts = texts
  }

  /// The same with the templates that the configuration names.
  func with(templatesOf configuration: Configuration) -> ConfigurationSections {
    var texts = texts
    for path in configuration.templateFiles {
      texts["notify"] =
        (texts["notify"] ?? "") + "\n\(path)\n"
        + (FileManager.default.contents(atPath: path).map {
          String(decoding: $0, as: UTF8.self)
        } ?? "")
    }
    return ConfigurationSections(texts)
  }

  private init(_ texts: [String: String]) { self.texts = texts }

  /// The keys under which something else stands.
  func changes(to other: ConfigurationSections) -> [String] {
    Set(texts.keys).union(other.texts.keys).filter { texts[$0] != other.texts[$0] }.sorted()
  }

  private static func text(of value: YAMLValue, _ diagnostics: Diagnostics) -> String {
    switch value.content {
    // Lengths before texts, so that no text can be taken for another's structure.
    case .scalar(let scalar):
      let text = diagnostics.text(value, "") ?? scalar.text
      return "\(scalar.isQuoted)\(text.utf8.count):\(text)"
    case .sequence(let items): return "[\(items.map { Self.text(of: $0, diagnostics) }.joined(separator: ","))]"
    case .mapping(let entries):
      let pairs = entries.map { "\($0.name.utf8.count):\($0.name)=\(Self.text(of: $0.value, diagnostics))" }
      return "{\(pairs.joined(separator: ","))}"
    }
  }
}

extension Configuration {
  /// The user's templates of messages.
  var templateFiles: [String] {
    guard let relative = notifications.templates else { return [] }
    let folder = path(relative)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".mustache") }.sorted().prefix(100).map { "\(folder)/\($0)" }
  }
}
