/// A path with places for values: `/api/v1/signals/{id:integer}`.
public struct PathPattern: Sendable, Hashable {
  public enum Part: Sendable, Hashable {
    case word(String)
    case value(name: String, isInteger: Bool)
  }

  public let parts: [Part]

  public init(_ text: String) {
    parts = text.split(separator: "/").map { part in
      guard part.hasPrefix("{"), part.hasSuffix("}") else { return .word(String(part)) }
      let pieces = part.dropFirst().dropLast().split(separator: ":", maxSplits: 1)
      return .value(name: String(pieces.first ?? ""), isInteger: pieces.count == 2 && pieces[1] == "integer")
    }
  }

  /// As OpenAPI writes it: `/api/v1/signals/{id}`.
  public var template: String {
    "/"
      + parts.map { part in
        switch part {
        case .word(let word): word
        case .value(let name, _): "{\(name)}"
        }
      }.joined(separator: "/")
  }

  /// The values by name; nil where the segments are others.
  func match(_ segments: [String]) -> [String: String]? {
    guard segments.count == parts.count else { return nil }
    var values: [String: String] = [:]
    for (part, segment) in zip(parts, segments) {
      switch part {
      case .word(let word): guard word == segment else { return nil }
      case .value(let name, let isInteger):
        if isInteger, Int64(segment) == nil || segment.hasPrefix("+") { return nil }
        values[name] = segment
      }
    }
    return values
  }
}

/// The target of a request, taken apart: nothing in it can stand for another place than it names.
struct RequestTarget {
  let segments: [String]
  let query: [(name: String, value: String)]

  /// Nil where it is not an absolute path, is too long, or is not well written.
  init?(_ target: String) {
    guard target.utf8.count <= 8_192, target.hasPrefix("/") else { return nil }
    let halves = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    guard let path = halves.first, !path.contains("#") else { return nil }
    var segments: [String] = []
    let pieces = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    for piece in pieces where pieces.count > 1 || !piece.isEmpty {
      guard let segment = PercentCoding.decoded(piece, plusIsSpace: false), !segment.isEmpty, segment != ".",
        segment != "..", !segment.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F })
      else { return nil }
      segments.append(segment)
    }
    self.segments = segments
    var query: [(name: String, value: String)] = []
    for pair in halves.count == 2 ? halves[1].split(separator: "&") : [] {
      let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = sides.first.flatMap({ PercentCoding.decoded($0, plusIsSpace: true) }),
        let value = PercentCoding.decoded(sides.count == 2 ? sides[1] : "", plusIsSpace: true)
      else { return nil }
      query.append((name, value))
    }
    self.query = query
  }
}

/// Percent-encoding (RFC 3986).
public enum PercentCoding {
  /// Nil where a sign is cut short, or the bytes are no UTF-8.
  static func decoded(_ text: some StringProtocol, plusIsSpace: Bool) -> String? {
    var bytes: [UInt8] = []
    var rest = text.utf8.makeIterator()
    while let byte = rest.next() {
      switch byte {
      case UInt8(ascii: "%"):
        guard let high = rest.next().flatMap(digit), let low = rest.next().flatMap(digit) else { return nil }
        bytes.append(high << 4 | low)
      case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
      default: bytes.append(byte)
      }
    }
    return String(validating: bytes, as: UTF8.self)
  }

  /// A text as a value behind the question mark, or as one segment of a path.
  public static func encoded(_ text: String) -> String {
    text.utf8.map { byte in
      let sign = Character(Unicode.Scalar(byte))
      if byte < 0x80, sign.isLetter || sign.isNumber || ["-", ".", "_", "~"].contains(sign) { return String(sign) }
      return (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
    }.joined()
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
