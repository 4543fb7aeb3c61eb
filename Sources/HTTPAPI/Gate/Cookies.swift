import HTTPTypes

/// Cookies of a request, and those that are set (RFC 6265).
struct Cookies {
  /// The session of a page, where a browser brings it over TLS by way of a proxy, and where it comes directly. The first
  /// name is one that a browser takes from nobody but this host, over TLS.
  static let overTLS = "__Host-finstage"
  static let direct = "finstage"
  /// The language that a reader has chosen.
  static let language = "finstage_language"

  private let all: [(name: String, value: String)]

  init(_ head: HTTPRequest) {
    all = head.headerFields[values: .cookie].flatMap { $0.split(separator: ";") }.prefix(100).compactMap { pair in
      let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard sides.count == 2 else { return nil }
      return (String(sides[0].drop { $0 == " " }), String(sides[1]))
    }
  }

  /// Nil where it is not there, or stands twice: nobody can tell which of the two is ours.
  subscript(_ name: String) -> String? {
    let found = all.filter { $0.name == name }
    return found.count == 1 ? found[0].value : nil
  }

  /// - Parameter age: Seconds; 0 takes it away.
  static func set(_ name: String, _ value: String, age: Int64, isOverTLS: Bool) -> String {
    "\(name)=\(value); Path=/; Max-Age=\(age); HttpOnly; SameSite=Strict\(isOverTLS ? "; Secure" : "")"
  }
}
