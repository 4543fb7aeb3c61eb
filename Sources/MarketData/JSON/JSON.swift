/// A document of JSON (RFC 8259), read within bounds of depth and number. Numbers are the nearest doubles.
public enum JSON: Sendable, Hashable {
  case null
  case flag(Bool)
  case number(Double)
  case text(String)
  case list([JSON])
  /// As they stand in the text; of several with one name, the first is found.
  case object([Member])

  public struct Member: Sendable, Hashable {
    public let name: String
    public let value: JSON

    public init(name: String, value: JSON) {
      self.name = name
      self.value = value
    }
  }

  /// Lists and objects within each other.
  public static let mostLevels = 32
  /// Of all kinds, in one document.
  public static let mostValues = 4_000_000

  /// What is wrong, and at which byte.
  public struct Fault: Error, Hashable {
    public let sentence: String
  }

  public static func read(_ bytes: [UInt8]) throws(Fault) -> JSON {
    var reader = JSONReader(bytes: bytes.span)
    return try reader.document()
  }

  public subscript(_ name: String) -> JSON? {
    if case .object(let members) = self { members.first { $0.name == name }?.value } else { nil }
  }

  public subscript(_ place: Int) -> JSON? {
    if case .list(let items) = self, items.indices.contains(place) { items[place] } else { nil }
  }

  public var items: [JSON]? { if case .list(let items) = self { items } else { nil } }
  public var members: [Member]? { if case .object(let members) = self { members } else { nil } }
  public var text: String? { if case .text(let text) = self { text } else { nil } }

  /// A number, or a text that is one: several venues quote theirs. Nil for anything else.
  public var number: Double? {
    switch self {
    case .number(let number): number
    case .text(let text): Double(decimal: text)
    default: nil
    }
  }

  /// What it is, for a message.
  public var found: String {
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
