import PluginKit

/// A URL that is itself a secret: who has it may write.
struct WebhookTarget: Sendable {
  let url: String
  let server: ChannelServer

  /// Reads `url`.
  init(_ id: String, _ settings: PluginSettings, _ host: ChannelHost, secrets: [String] = []) throws(ChannelError) {
    url = settings.text("url") ?? ""
    server = ChannelServer(id: id, web: host.web, secrets: Self.secrets(in: url) + secrets)
    guard missing == nil || url.contains("${") else { throw .badSetting(name: "url", "is empty") }
    let isWeb = ["https://", "http://"].contains { url.hasPrefix($0) && url.utf8.count > $0.utf8.count }
    guard isWeb || url.contains("${") else {
      throw .badSetting(name: "url", "is https://host/path or http://host/path")
    }
  }

  var missing: String? { server.missing(url, "url") }

  /// The path with its query, and each part of it that looks like a key: servers repeat those.
  private static func secrets(in url: String) -> [String] {
    guard let gap = url.firstRange(of: "://"), let slash = url[gap.upperBound...].firstIndex(of: "/") else { return [] }
    let path = url[url.index(after: slash)...]
    let parts = path.split { "/?&=#".contains($0) }.filter { part in
      part.count >= 8 && part.contains { $0.isNumber || $0.isUppercase }
    }
    // A path of a few signs is no key, and would be found in any text.
    return (path.count >= 8 ? [String(path)] : []) + parts.map { String($0) }
  }
}
