import DataSources
import Foundation
import Pipelines
import NotificationChannels
import PluginKit
import Testing

@testable import finstage

/// A secret that stands in the configuration itself is a fault, wherever a secret may be asked for.
@Suite struct SecretTests {
  private static let literal = "L1teral-c4nary/S3CRET"

  /// Where secrets are asked for: what stands before one and behind it.
  private static let places: [(name: String, before: String, after: String)] =
    dataSources.flatMap { type in
      secrets(of: type.settings).map {
        ("\(type.id).\($0)", "sources: { a: { type: \(type.id), \(rest(type.settings, but: $0))\($0): ", " } }")
      }
    }
    + notificationChannels.flatMap { type in
      secrets(of: type.settings).map {
        ("\(type.id).\($0)", "channels: { a: { type: \(type.id), \(rest(type.settings, but: $0))\($0): ", " } }")
      }
    }
    + [
      ("fmp.key", "companies: { a: { type: fmp, key: ", " } }"), ("heartbeat.url", "heartbeat: { url: ", " }"),
      ("deepl.key", "news: { translate: { type: deepl, key: ", " } }"),
    ]

  private static func secrets(of settings: [PluginSetting]) -> [String] {
    settings.filter(\.isSecret).map(\.name)
  }

  /// What else is required.
  private static func rest(_ settings: [PluginSetting], but name: String) -> String {
    settings.filter { $0.isRequired && $0.name != name }.map { "\($0.name): \"${env:FINSTAGE_NOT_SET}\", " }.joined()
  }

  private func faults(_ text: String) throws -> [String] {
    var found: [String] = []
    try CommandTests.inFolder(["config.yaml": text]) { folder in
      found = ConfigurationReader.read(path: folder.appending(path: "config.yaml").path()).faults
        .filter { $0.severity == .error }.map { "\($0)" }
    }
    return found
  }

  @Test func `wherever a secret may stand a literal one is a fault, and no message shows it`() throws {
    #expect(Self.places.count > 10)
    for (name, before, after) in Self.places {
      for literal in [Self.literal, "https://hooks.example/\(Self.literal)"] {
        let found = try faults("\(before)\"\(literal)\"\(after)\n")
        #expect(found.contains { $0.contains("E051 literal-secret") }, "\(name): \(found)")
        #expect(found.allSatisfy { !$0.contains("c4nary") }, "\(name): \(found)")
      }
      let sound = try faults("\(before)\"${env:FINSTAGE_NOT_SET}\"\(after)\n")
      #expect(sound.allSatisfy { !$0.contains("E051") }, "\(name): \(sound)")
    }
  }

  @Test func `validate ends with 1 for a literal secret, and the service does not start`() throws {
    let text =
      ServiceFixture.sources + "channels: { a: { type: telegram, token: \"\(Self.literal)\", chat: \"-1\" } }\n"
    try CommandTests.inFolder(["config.yaml": text, "strategies/each.yaml": ServiceFixture.eachBar]) { folder in
      let validated = try CommandTests.finstage("validate", in: folder)
      #expect(validated.code == 1 && validated.output.contains("E051"), "\(validated.output)")
      let run = try CommandTests.finstage("run", in: folder)
      #expect(run.code == 3 && !run.messages.contains("c4nary"), "\(run.messages)")
      #expect(!validated.output.contains("c4nary"))
    }
  }
}
