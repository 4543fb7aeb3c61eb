/// Where something stands in a document: names and places parted by points, `result.0.close`. A name that has points
/// stands in double quotes, `*` is the only entry of an object, `.` the document itself.
public struct JSONPath: Sendable, Hashable {
  private enum Part: Sendable, Hashable { case name(String), only }

  public let text: String
  private let parts: [Part]

  /// Nil where a quote is not closed or a part is empty.
  public init?(_ text: String) {
    self.text = text
    guard text != "." else {
      parts = []
      return
    }
    var parts: [Part] = []
    var rest = text[...]
    repeat {
      let isQuoted = rest.first == "\""
      let end: Substring.Index?
      let name: Substring
      if isQuoted {
        rest.removeFirst()
        guard let quote = rest.firstIndex(of: "\"") else { return nil }
        name = rest[..<quote]
        rest = rest[rest.index(after: quote)...]
        guard rest.isEmpty || rest.first == "." else { return nil }
        end = rest.isEmpty ? nil : rest.startIndex
      } else {
        end = rest.firstIndex(of: ".")
        name = rest[..<(end ?? rest.endIndex)]
      }
      guard !name.isEmpty else { return nil }
      parts.append(name == "*" && !isQuoted ? .only : .name(String(name)))
      guard let end else { break }
      rest = rest[rest.index(after: end)...]
    } while true
    self.parts = parts
  }

  public func find(in document: JSON) -> JSON? {
    var found: JSON? = document
    for part in parts {
      switch part {
      case .name(let name): found = found?[name] ?? Int(name).flatMap { found?[$0] }
      case .only:
        let members = found?.members
        found = members?.count == 1 ? members?.first?.value : nil
      }
    }
    return found
  }
}
