/// Addresses of the web: read, made absolute, and brought to the form by which two of them are known to be one.
public enum WebAddress {
  /// An absolute `http` or `https` address, or nil: what a feed calls a link may be a script, or no address at all.
  /// - Parameter base: what a relative one is relative to (RFC 3986, 5.2).
  public static func absolute(_ text: String, base: String = "") -> String? {
    let link = text.filter { !$0.isNewline && $0 != "\t" }.trimmed
    guard !link.isEmpty, link.utf8.count <= 2_048, !link.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
      return nil
    }
    // Signs that would end the address where it is shown.
    let escaped = escape(link)
    if let scheme = scheme(of: escaped) {
      guard scheme == "http" || scheme == "https" else { return nil }
      let rest = escaped.dropFirst(scheme.count + 1)
      guard rest.hasPrefix("//"), rest.dropFirst(2).first.map({ !"/?#".contains($0) }) == true else { return nil }
      return "\(scheme):\(rest)"
    }
    guard let parts = Parts(base) else { return nil }
    let root = "\(parts.scheme)://\(parts.authority)"
    switch escaped.first {
    case "/" where escaped.hasPrefix("//"): return escaped.count > 2 ? "\(parts.scheme):\(escaped)" : nil
    case "/": return root + withoutDots(escaped)
    case "?": return root + parts.path + escaped
    case "#": return root + parts.path + parts.query + escaped
    default:
      let folder = parts.path.lastIndex(of: "/").map { parts.path[...$0] } ?? "/"
      return root + withoutDots(String(folder) + escaped)
    }
  }

  /// What two addresses of one article have in common: without scheme, `www.`, default port, fragment and the
  /// parameters by which readers are counted, the others in order. Nil where the text is no address.
  public static func normalized(_ text: String) -> String? {
    guard let parts = Parts(text) else { return nil }
    var host = parts.authority.lowercased()
    if let at = host.lastIndex(of: "@") { host = String(host[host.index(after: at)...]) }
    for port in [":80", ":443"] where host.hasSuffix(port) { host.removeLast(port.count) }
    if host.hasPrefix("www.") { host.removeFirst(4) }
    var path = Substring(upperEscapes(parts.path))
    while path.hasSuffix("/") { path.removeLast() }
    let query = parts.query.dropFirst().split(separator: "&").filter { !isTracking($0) }.sorted()
    return host + path + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
  }

  /// Parameters that say how a reader came, and not what he came for.
  private static func isTracking(_ parameter: Substring) -> Bool {
    let name = parameter.prefix { $0 != "=" }.lowercased()
    return trackingPrefixes.contains(where: name.hasPrefix) || tracking.contains(name)
  }

  private static let trackingPrefixes = ["utm_", "mc_", "at_", "pk_", "mtm_", "hsa_", "_hs", "ga_", "cm_mmc"]

  private static let tracking: Set<String> = [
    "gclid", "dclid", "fbclid", "msclkid", "yclid", "twclid", "igshid", "gbraid", "wbraid", "mkt_tok", "cmpid",
    "cmp", "ncid", "ocid", "sref", "soc_src", "soc_trk", ".tsrc", "tsrc", "guccounter", "guce_referrer",
    "guce_referrer_sig", "_ga", "_gl", "oref", "partner", "ref_src", "ref_url", "rss", "source_feed", "feed_id",
    "siteid", "yptr",
  ]

  private struct Parts {
    var scheme: String
    var authority, path, query: String

    init?(_ text: String) {
      guard let gap = text.firstRange(of: "://"), let scheme = WebAddress.scheme(of: text),
        scheme == "http" || scheme == "https"
      else { return nil }
      let rest = text[gap.upperBound...].prefix { $0 != "#" }
      self.scheme = scheme
      authority = String(rest.prefix { $0 != "/" && $0 != "?" })
      guard !authority.isEmpty else { return nil }
      let behind = rest.dropFirst(authority.count)
      path = String(behind.prefix { $0 != "?" })
      query = String(behind.dropFirst(path.count))
    }
  }

  /// In lower case; nil where the text begins with none (RFC 3986, 3.1).
  private static func scheme(of text: String) -> String? {
    guard let colon = text.firstIndex(of: ":"), let first = text.first, first.isASCII, first.isLetter else {
      return nil
    }
    let scheme = text[..<colon]
    guard scheme.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }) else { return nil }
    return scheme.lowercased()
  }

  /// Space, quotes, angle brackets and what is not ASCII as `%20` and the like.
  private static func escape(_ text: String) -> String {
    var written = ""
    for byte in text.utf8 {
      if byte <= 0x20 || byte >= 0x7F || "\"<>\\^`{|}".utf8.contains(byte) {
        written += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      } else {
        written.unicodeScalars.append(Unicode.Scalar(byte))
      }
    }
    return written
  }

  private static func upperEscapes(_ path: String) -> String {
    guard path.contains("%") else { return path }
    var left = 0
    return String(
      path.map { character -> Character in
        if character == "%" {
          left = 2
          return character
        }
        guard left > 0 else { return character }
        left -= 1
        return character.uppercased().first ?? character
      })
  }

  /// Without `.` and `..` (RFC 3986, 5.2.4); what stands behind `?` is left.
  private static func withoutDots(_ text: String) -> String {
    let path = text.prefix { $0 != "?" && $0 != "#" }
    guard path.contains("/.") else { return text }
    var parts: [Substring] = []
    for part in path.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
      if part == ".." { _ = parts.popLast() } else if part != "." { parts.append(part) }
    }
    return "/" + parts.joined(separator: "/") + text.dropFirst(path.count)
  }
}

extension String {
  /// Without space at both ends.
  var trimmed: String {
    guard let start = firstIndex(where: { !$0.isWhitespace }), let end = lastIndex(where: { !$0.isWhitespace }) else {
      return ""
    }
    return String(self[start...end])
  }
}
