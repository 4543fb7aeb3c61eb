/// Looks up `${env:NAME}` and `${file:PATH}` in string values, after parsing: what they bring in is text and never
/// structure. The executable says where they are looked up.
public struct References: Sendable {
  /// What to do where one is missing: a strategy cannot do without, a part of the configuration fails when it is used.
  public enum Missing: Sendable { case fault, warning }

  public var missing: Missing
  /// The value of a name, such as ("env", "TOKEN"); nil where there is none.
  public var look: @Sendable (_ kind: String, _ name: String) -> String?

  public init(missing: Missing = .fault, look: @escaping @Sendable (String, String) -> String?) {
    self.missing = missing
    self.look = look
  }

  /// No reference has a value.
  public static let none = References { _, _ in nil }
}

extension Diagnostics {
  /// The text with its references replaced; nil, and reported, where one is missing or written wrong.
  func resolved(_ text: String, at value: YAMLValue) -> String? {
    // Bytes are looked through faster than characters, and few texts have a dollar.
    guard text.utf8.contains(UInt8(ascii: "$")), text.contains("${") else { return text }
    var result = ""
    var rest = text[...]
    var offset = 0
    while let open = rest.firstRange(of: "${") {
      let start = offset + rest[..<open.lowerBound].unicodeScalars.count
      guard let close = rest[open.upperBound...].firstIndex(of: "}") else {
        report(.badReference, at: value, part: start..<start + 2, "this ${ is never closed", hint: "write ${env:NAME}")
        return nil
      }
      let inside = rest[open.upperBound..<close]
      let end = start + inside.unicodeScalars.count + 3
      let parts = inside.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2, ["env", "file"].contains(parts[0]), !parts[1].isEmpty else {
        report(
          .badReference, at: value, part: start..<end, "\"${\(inside)}\" is no reference",
          hint: "write ${env:NAME} or ${file:PATH}")
        return nil
      }
      result += rest[..<open.lowerBound]
      if let found = references.look(parts[0], parts[1]) {
        result += found
      } else {
        let what = parts[0] == "env" ? "the environment has no \(parts[1])" : "there is no readable file \(parts[1])"
        if references.missing == .fault {
          report(.badReference, at: value, part: start..<end, what)
          return nil
        }
        report(.missingReference, at: value, part: start..<end, what, hint: "what needs it will fail when it is used")
        result += "${\(inside)}"
      }
      rest = rest[rest.index(after: close)...]
      offset = end
    }
    return result + rest
  }
}
