import MarketData

/// A document of JSON (RFC 8259), read within bounds of depth and number. Numbers are the nearest doubles.
enum JSON: Sendable, Hashable {
  case null
  case flag(Bool)
  case number(Double)
  case text(String)
  case list([JSON])
  /// As they stand in the text; of several with one name, the first is found.
  case object([Member])

  struct Member: Sendable, Hashable {
    let name: String
    let value: JSON
  }

  /// Lists and objects within each other.
  static let mostLevels = 32
  /// Of all kinds, in one document.
  static let mostValues = 4_000_000

  /// What is wrong, and at which byte.
  struct Fault: Error, Hashable {
    let sentence: String
  }

  static func read(_ bytes: [UInt8]) throws(Fault) -> JSON {
    var reader = JSONReader(bytes: bytes.span)
    return try reader.document()
  }

  subscript(_ name: String) -> JSON? {
    if case .object(let members) = self { members.first { $0.name == name }?.value } else { nil }
  }

  subscript(_ place: Int) -> JSON? {
    if case .list(let items) = self, items.indices.contains(place) { items[place] } else { nil }
  }

  var items: [JSON]? { if case .list(let items) = self { items } else { nil } }
  var members: [Member]? { if case .object(let members) = self { members } else { nil } }
  var text: String? { if case .text(let text) = self { text } else { nil } }

  /// A number, or a text that is one: several venues quote theirs. Nil for anything else.
  var number: Double? {
    switch self {
    case .number(let number): number
    case .text(let text): Double(decimal: text)
    default: nil
    }
  }

  /// What it is, for a message.
  var found: String {
    switch self {
    case .null: "null"
    case .flag(let flag): "\(flag)"
    case .number(let number): "\(number)"
    // Whole or not at all: half a secret would not be known as one.
    case .text(let text): text.utf8.count <= 80 ? "\"\(text)\"" : "a text of \(text.utf8.count) bytes"
    case .list(let items): "a list of \(items.count)"
    case .object(let members):
      members.isEmpty ? "an empty object" : "an object of \(members.prefix(6).map(\.name).joined(separator: ", "))"
    }
  }
}
