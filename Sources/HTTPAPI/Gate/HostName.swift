import HTTPTypes

/// A host with or without its port: `localhost:8080`, `[::1]:8080`.
struct HostName {
  let name: String
  /// Nil where none is named: that of the scheme.
  private(set) var port: Int?

  init?(_ authority: String) {
    let text = authority.lowercased()
    guard text.utf8.count <= 255, !text.contains("@") else { return nil }
    if text.hasPrefix("[") {
      guard let end = text.firstIndex(of: "]") else { return nil }
      let rest = text[text.index(after: end)...]
      guard rest.isEmpty || HostName.isPort(rest) else { return nil }
      name = String(text[text.index(after: text.startIndex)..<end])
      port = Int(rest.dropFirst())
      return
    }
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard let host = parts.first, !host.isEmpty else { return nil }
    if parts.count == 2, !HostName.isPort(":" + parts[1]) { return nil }
    name = host.hasSuffix(".") ? String(host.dropLast()) : String(host)
    port = parts.count == 2 ? Int(parts[1]) : nil
  }

  private static func isPort(_ text: some StringProtocol) -> Bool {
    text.hasPrefix(":") && text.count <= 6 && text.count > 1
      && text.dropFirst().allSatisfy { $0.isASCII && $0.isNumber }
  }
}

extension HTTPField.Name {
  static let lastEventID = HTTPField.Name("Last-Event-ID") ?? .eTag
  /// What a script of our pages brings back.
  static let ticket = HTTPField.Name("X-CSRF-Token") ?? .eTag
  static let fetchSite = HTTPField.Name("Sec-Fetch-Site") ?? .eTag
  static let forwardedFor = HTTPField.Name("X-Forwarded-For") ?? .eTag
  /// What proxies add to what they pass on.
  static let forwardings = [
    "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Forwarded", "Via",
  ]
  .compactMap { HTTPField.Name($0) }
}
