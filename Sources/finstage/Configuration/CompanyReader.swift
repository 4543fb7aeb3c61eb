import Fetching
import News
import Pipelines
import PluginKit

extension Configuration {
  /// A server that tells of companies.
  struct CompanyServer {
    var name: String
    var source: CompanySource
    var settings: PluginSettings
    var fetch: FetchSettings?
  }
}

extension ConfigurationReader {
  /// Reads `companies:`, servers by name.
  func companies(_ entry: YAMLValue.Entry?) -> [Configuration.CompanyServer] {
    guard let entry, let entries = MappingReader(entry.value, "companies", at: entry.key, diagnostics)?.entries
    else { return [] }
    return entries.compactMap { server in
      guard var reader = MappingReader(server.value, "the server \(server.name)", at: server.key, diagnostics),
        let source = diagnostics.word(
          reader.require("type", hint: "type: fmp"), "type", of: CompanySource.allCases.map(\.rawValue)
        ).flatMap(CompanySource.init(rawValue:)),
        let settings = settings(source.settings + FetchSettings.common(source.web), &reader)
      else { return nil }
      if let period = settings.text("period"), !["quarter", "annual"].contains(period) {
        diagnostics.report(
          .wrongType, at: reader.take("period") ?? server.key, "period is quarter or annual; found \"\(period)\"")
      }
      var fetch: FetchSettings?
      do throws(FetchSettings.Faults) {
        fetch = try FetchSettings(settings: settings, manners: source.web)
      } catch {
        for fault in error.faults {
          diagnostics.report(.wrongType, at: reader.take(fault.name) ?? server.key, fault.sentence)
        }
      }
      return Configuration.CompanyServer(name: server.name, source: source, settings: settings, fetch: fetch)
    }
  }
}
