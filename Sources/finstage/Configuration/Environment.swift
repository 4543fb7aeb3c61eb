#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Pipelines

/// Where references are looked up: the only place that reads the environment.
enum Environment {
  static func references(missing: References.Missing) -> References {
    References(missing: missing) { kind, name in
      if kind == "env" { return Terminal.environment(name) }
      guard let data = FileManager.default.contents(atPath: name), data.count <= 65_536,
        var text = String(data: data, encoding: .utf8)
      else { return nil }
      while text.last?.isNewline == true { text.removeLast() }
      return text
    }
  }
}
