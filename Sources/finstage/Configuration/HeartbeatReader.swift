import Fetching
import Pipelines
import PluginKit

extension Configuration {
  /// Whom the host tells that it is alive.
  struct Heartbeat {
    /// Who has it may beat, so it is a secret.
    var url: String
    /// Milliseconds.
    var every: Int64
    var method: String
    var fetch: FetchSettings
  }
}

extension ConfigurationReader {
  static let heartbeatSettings: [PluginSetting] =
    [
      PluginSetting("url", .text, required: true, secret: true, meaning: "the watch's address, as ${env:NAME}"),
      PluginSetting("every", .duration, meaning: "how often, 1s to 1d; 5m"),
      PluginSetting("method", .text, meaning: "get, head or post; get"),
    ] + FetchSettings.common(heartbeatManners).filter { heartbeatFetch.contains($0.name) }

  private static let heartbeatFetch: Set<String> = [
    "allow_private", "proxy", "user_agent", "timeout", "connect_timeout",
  ]
  private static let heartbeatManners = WebManners(baseURL: "", rate: [])

  /// Reads `heartbeat:`.
  func heartbeat(_ entry: YAMLValue.Entry?) -> Configuration.Heartbeat? {
    guard let entry, var reader = MappingReader(entry.value, "heartbeat", at: entry.key, diagnostics),
      let settings = settings(ConfigurationReader.heartbeatSettings, &reader)
    else { return nil }
    let before = diagnostics.all.count { $0.severity == .error }
    func report(_ name: String, _ sentence: String) {
      diagnostics.report(.wrongType, at: reader.take(name) ?? entry.key, sentence)
    }
    let url = settings.text("url") ?? ""
    let isWeb = ["https://", "http://"].contains { url.hasPrefix($0) && url.utf8.count > $0.utf8.count }
    // A reference that brings nothing has been warned of, and is a fault only of the part that needs it.
    if !isWeb, !url.contains("${") { report("url", "url is https://host/path or http://host/path") }
    let every = settings.text("every").flatMap { SettingValue.milliseconds($0) } ?? 300_000
    if !(1_000...86_400_000).contains(every) { report("every", "every is a length of time from 1s to 1d") }
    let method = settings.text("method") ?? "get"
    if !["get", "head", "post"].contains(method) { report("method", "method is get, head or post") }
    do throws(FetchSettings.Faults) {
      var fetch = try FetchSettings(settings: settings, manners: ConfigurationReader.heartbeatManners).sendingOnce
      // A watch that was away is told as soon as it is back.
      fetch.politeness.failuresToOpen = .max
      guard diagnostics.all.count(where: { $0.severity == .error }) == before else { return nil }
      return Configuration.Heartbeat(url: url, every: every, method: method.uppercased(), fetch: fetch)
    } catch {
      for fault in error.faults { report(fault.name, fault.sentence) }
      return nil
    }
  }
}
