import DataSources
import Engine
import Fetching
import Pipelines
import PluginKit
import Trading

extension ConfigurationReader {
  /// Reads `sources:`. A source is made of its settings, so that it says itself what cannot be used.
  func sources(_ entry: YAMLValue.Entry?, folder: String) -> [Configuration.Source] {
    guard let entry, let entries = MappingReader(entry.value, "sources", at: entry.key, diagnostics)?.entries
    else { return [] }
    return entries.compactMap { source in
      guard var reader = MappingReader(source.value, "the source \(source.name)", at: source.key, diagnostics),
        let value = reader.require("type"), let id = diagnostics.text(value, "type")
      else { return nil }
      // It brings no candles, and is read by itself.
      if id == InboundSource.id { return nil }
      guard let type = dataSources.first(where: { $0.id == id }) else {
        diagnostics.report(
          .unknownType, at: value, "there is no source of type \"\(id)\"",
          hint: suggestion(for: id, among: dataSources.map { $0.id } + [InboundSource.id], called: "types"))
        return nil
      }
      guard let settings = settings(ConfigurationReader.settings(of: type), &reader) else { return nil }
      let fetch = check(type, settings, folder: folder) { name, sentence in
        diagnostics.report(.wrongType, at: reader.take(name) ?? source.key, sentence)
      }
      return Configuration.Source(name: source.name, type: type, settings: settings, fetch: fetch)
    }
  }

  /// The keys that a source or a channel admits, with their values; nil, and reported, where one is missing or wrong.
  func settings(_ admitted: [PluginSetting], _ reader: inout MappingReader) -> PluginSettings? {
    // A secret that stands in the file is a fault, and no reason not to look at the rest.
    func faults() -> Int { diagnostics.all.count { $0.severity == .error && $0.code != .literalSecret } }
    let before = faults()
    var settings = PluginSettings([:])
    for setting in admitted {
      let value = setting.isRequired ? reader.require(setting.name, hint: setting.meaning) : reader.take(setting.name)
      guard let value, let read = self.value(value, setting) else { continue }
      if !setting.admits(read) {
        diagnostics.report(
          .wrongType, at: value,
          "\(setting.name) is a \(setting.kind.rawValue)\(setting.isSecret ? "" : "; found \(value.found)")")
      }
      settings.values[setting.name] = read
    }
    reader.finish()
    return faults() == before ? settings : nil
  }

  /// Its own keys, and those of the web client where it has a server.
  static func settings(of type: any DataSource.Type) -> [PluginSetting] {
    type.settings + (type.web.map { FetchSettings.common($0) } ?? [])
  }

  /// How its server is asked; nil where it has none.
  private func check(
    _ type: any DataSource.Type, _ settings: PluginSettings, folder: String,
    report: (_ name: String, _ sentence: String) -> Void
  ) -> FetchSettings? {
    do throws(DataSourceError) {
      let host = SourceHost(baseDirectory: folder, web: Unconnected(), now: { Terminal.now })
      _ = try type.init(settings: settings, host: host)
    } catch {
      if case .badSetting(let name, _) = error { report(name, error.description) } else { report("type", "\(error)") }
    }
    guard let manners = type.web else { return nil }
    do throws(FetchSettings.Faults) {
      return try FetchSettings(settings: settings, manners: manners)
    } catch {
      for fault in error.faults { report(fault.name, fault.sentence) }
      return nil
    }
  }

  /// What stands under a key, as its kind is written.
  private func value(_ value: YAMLValue, _ setting: PluginSetting) -> SettingValue? {
    if setting.isSecret, let text = value.text, !text.contains("${") {
      diagnostics.report(
        .literalSecret, at: value, "\(setting.name) is a secret that stands in the file",
        hint: "write ${env:NAME} or ${file:PATH}, and keep the secret there")
    }
    switch setting.kind {
    case .list where value.items != nil:
      return .list((value.items ?? []).compactMap { diagnostics.text($0, "an item of \(setting.name)") })
    case .mapping:
      guard let reader = MappingReader(value, setting.name, diagnostics) else { return nil }
      let entries = reader.entries.compactMap { entry in
        diagnostics.text(entry.value, entry.name).map { (entry.name, $0) }
      }
      return .mapping(Dictionary(entries, uniquingKeysWith: { first, _ in first }))
    default:
      return diagnostics.text(value, setting.name).map { .text($0) }
    }
  }
}
