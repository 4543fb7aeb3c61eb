import Fetching
import News
import Pipelines
import PluginKit

extension Configuration {
  /// Who translates news that somebody is told of.
  struct Translation {
    var service: TranslationService
    var fetch: FetchSettings
  }
}

extension ConfigurationReader {
  private static let translators = [
    TranslationService.Kind.deepl: WebManners(baseURL: "https://api-free.deepl.com", rate: ["5/s"]),
    .libretranslate: WebManners(baseURL: "http://127.0.0.1:5000", rate: ["5/s"]),
  ]

  /// Reads `translate:`; without it nothing is translated, and nothing sent away.
  func translation(_ entry: YAMLValue.Entry?, _ configuration: Configuration) -> Configuration.Translation? {
    guard let entry, var reader = MappingReader(entry.value, "translate", at: entry.key, diagnostics) else {
      return nil
    }
    let word = diagnostics.word(
      reader.require("type", hint: "write type: deepl"), "type", of: TranslationService.Kind.allCases.map(\.rawValue))
    guard let kind = word.flatMap({ TranslationService.Kind(rawValue: $0) }),
      let manners = ConfigurationReader.translators[kind]
    else { return nil }
    let keyed = PluginSetting(
      "key", .text, required: kind == .deepl, secret: true, meaning: "the key that the service knows you by")
    let to = PluginSetting("to", .text, meaning: "the language that is translated into; that of messages")
    guard let settings = settings([keyed, to] + FetchSettings.common(manners), &reader) else { return nil }
    do throws(FetchSettings.Faults) {
      let fetch = try FetchSettings(settings: settings, manners: manners)
      let service = TranslationService(
        kind, baseURL: fetch.baseURL, key: settings.text("key"), target: settings.text("to") ?? configuration.locale)
      return Configuration.Translation(service: service, fetch: fetch)
    } catch {
      for fault in error.faults {
        diagnostics.report(.wrongType, at: reader.take(fault.name) ?? entry.key, fault.sentence)
      }
      return nil
    }
  }
}
