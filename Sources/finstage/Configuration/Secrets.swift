import DataSources
import Engine
import Fetching
import News
import NotificationChannels
import PluginKit

extension Configuration {
  /// The values of all secrets: what stands under keys that are marked so, the parts of addresses by which somebody may
  /// write, and logins of proxies. A reference that brought nothing is none.
  var secrets: [String] {
    var found: [String] = []
    func take(_ admitted: [PluginSetting], _ settings: PluginSettings) {
      for setting in admitted {
        guard let text = settings.text(setting.name), !text.contains("${") else { continue }
        if setting.isSecret { found += Configuration.parts(of: text) }
        if setting.name == "proxy" { found += Configuration.login(in: text) }
      }
      // Headers carry keys as often as not; `text/csv` is none.
      found += (settings.mapping("headers") ?? [:]).values.filter { $0.count >= 12 && Configuration.looksLikeKey($0) }
    }
    for source in sources { take(ConfigurationReader.settings(of: source.type), source.settings) }
    for channel in channels ?? [] { take(ConfigurationReader.settings(of: channel.type), channel.settings) }
    for server in companies { take(server.source.settings + FetchSettings.common(server.source.web), server.settings) }
    if let url = heartbeat?.url, !url.contains("${") { found += Configuration.parts(of: url) }
    for source in inbound { found += Configuration.parts(of: source.proof.secret) }
    if let key = news.translation?.service.key { found += Configuration.parts(of: key) }
    return found.filter { !$0.isEmpty && !$0.contains("${") }
  }

  /// A secret, and where it is an address what stands behind the name of its host: messages name that.
  private static func parts(of secret: String) -> [String] {
    guard let gap = secret.firstRange(of: "://") else {
      // `7701:AAE…`, of which servers repeat the second part alone.
      return [secret] + secret.split(separator: ":").dropFirst().map { String($0) }.filter { $0.count >= 8 }
    }
    guard let slash = secret[gap.upperBound...].firstIndex(of: "/") else { return login(in: secret) }
    let path = String(secret[secret.index(after: slash)...])
    let parts = path.split { "/?&=#".contains($0) }.map { String($0) }.filter { part in
      part.count >= 8 && looksLikeKey(part)
    }
    return (path.count >= 8 ? [path] : []) + parts + login(in: secret)
  }

  private static func looksLikeKey(_ text: String) -> Bool { text.contains { $0.isNumber || $0.isUppercase } }

  /// `user:password` of an address, and the password alone.
  private static func login(in url: String) -> [String] {
    guard let gap = url.firstRange(of: "://") else { return [] }
    let authority = url[gap.upperBound...].prefix { $0 != "/" }
    guard let at = authority.lastIndex(of: "@") else { return [] }
    let pair = authority[..<at]
    return [String(pair)] + pair.split(separator: ":", maxSplits: 1).dropFirst().map { String($0) }
  }
}
