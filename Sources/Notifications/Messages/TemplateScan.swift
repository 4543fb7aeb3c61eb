/// Looks through a template for what Mustache would pass over in silence: names that no message has, and other
/// templates, which are not read.
enum TemplateScan {
  static func faults(in text: String, of name: TemplateName, file: String) -> [TemplateFault] {
    var faults: [TemplateFault] = []
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      var rest = line[...]
      while let start = range(of: "{{", in: rest), let end = range(of: "}}", in: rest[start.upperBound...]) {
        let tag = rest[start.upperBound..<end.lowerBound]
        let column = line.distance(from: line.startIndex, to: start.lowerBound) + 1
        if let fault = fault(tag, of: name, file, number + 1, column) { faults.append(fault) }
        rest = rest[end.upperBound...]
      }
    }
    return faults
  }

  private static func fault(
    _ tag: Substring, of name: TemplateName, _ file: String, _ line: Int, _ column: Int
  ) -> TemplateFault? {
    func fault(_ message: String, _ candidates: [String] = [], _ found: String? = nil) -> TemplateFault {
      TemplateFault(file: file, line: line, column: column, message: message, candidates: candidates, found: found)
    }
    switch tag.first {
    case "!": return nil
    case "%", "=": return fault("{{\(tag.prefix(1))…}} is not admitted in a message's template")
    case ">", "<", "$": return fault("a message's template stands alone, and names no other")
    default: break
    }
    let word = tag.drop { "#^/&{ ".contains($0) }.prefix { $0 != "}" && $0 != " " }
    guard word != ".", !word.isEmpty, !name.values.contains(String(word)) else { return nil }
    return fault("the message \(name.rawValue) has no value \"\(word)\"", name.values, String(word))
  }

  private static func range(of sign: String, in text: Substring) -> Range<Substring.Index>? {
    var index = text.startIndex
    while index < text.endIndex {
      if text[index...].hasPrefix(sign) { return index..<text.index(index, offsetBy: sign.count) }
      index = text.index(after: index)
    }
    return nil
  }
}
