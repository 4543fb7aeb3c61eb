/// What a form of a page sends (`application/x-www-form-urlencoded`).
public struct FormFields: Sendable, Equatable {
  /// The field in which each of our forms brings back what it was given.
  public static let ticket = "csrf"
  private static let most = 500

  private var fields: [String: [String]] = [:]

  public init() {}

  public init(_ body: [UInt8]) throws(Problem) {
    guard let text = String(validating: body, as: UTF8.self) else { throw Problem(400, "the form is no UTF-8") }
    let pairs = text.split(separator: "&")
    guard pairs.count <= FormFields.most else { throw Problem(400, "a form has at most \(FormFields.most) fields") }
    for pair in pairs {
      let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = sides.first.flatMap({ PercentCoding.decoded($0, plusIsSpace: true) }),
        let value = PercentCoding.decoded(sides.count == 2 ? sides[1] : "", plusIsSpace: true)
      else { throw Problem(400, "the form is not well written") }
      fields[name, default: []].append(value)
    }
  }

  /// A text without the spaces around it; nil where it is missing, empty, too long or stands twice.
  public func text(_ name: String, upTo limit: Int = 1_000) -> String? {
    guard let values = fields[name], values.count == 1, values[0].utf8.count <= limit else { return nil }
    var text = values[0][...]
    while let first = text.first, first.isWhitespace { text = text.dropFirst() }
    while let last = text.last, last.isWhitespace { text = text.dropLast() }
    return text.isEmpty || text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" && $0 != "\r" }
      ? nil : String(text)
  }

  /// Every field as it came, by name; of a name that stands several times nothing.
  public var all: [(name: String, value: String)] {
    fields.sorted { $0.key < $1.key }.compactMap { name, values in values.count == 1 ? (name, values[0]) : nil }
  }

  /// All of that name.
  public func texts(_ name: String) -> [String] { fields[name] ?? [] }
}
