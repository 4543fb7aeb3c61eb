/// Takes the tags out of HTML. Each byte is looked at a bounded number of times, however the tags are broken.
struct TagStripper {
  private let html: [UInt8]
  /// Where the last `>` and the last `-->` stand, so that none is looked for in vain.
  private let lastClose: Int
  private let lastComment: Int
  /// Whether the quotes of a tag did not close: then those of later tags count no more.
  private var hasStrayQuote = false
  private var result: [UInt8] = []

  init(_ html: [UInt8]) {
    self.html = html
    lastClose = html.lastIndex(of: UInt8(ascii: ">")) ?? -1
    var comment = html.count - 1
    while comment >= 2,
      !(html[comment] == UInt8(ascii: ">") && html[comment - 1] == UInt8(ascii: "-")
        && html[comment - 2] == UInt8(ascii: "-"))
    { comment -= 1 }
    lastComment = comment >= 2 ? comment : -1
  }

  mutating func text() -> [UInt8] {
    result.reserveCapacity(html.count)
    var at = 0
    while at < html.count {
      if html[at] == UInt8(ascii: "<"), at < lastClose, let end = tag(at) {
        at = end
      } else if html[at] == UInt8(ascii: "&"), let (scalar, end) = CharacterReference.read(html[...], at: at) {
        result.append(scalar)
        at = end
      } else {
        result.append(html[at])
        at += 1
      }
    }
    return result
  }

  /// The place behind a tag or comment at `at`; nil where there is none. A `>` stands behind it somewhere.
  private mutating func tag(_ at: Int) -> Int? {
    var start = at + 1
    let isEnd = html[start] == UInt8(ascii: "/")
    if isEnd { start += 1 }
    guard start < html.count else { return nil }
    if html[start] == UInt8(ascii: "!") || html[start] == UInt8(ascii: "?") { return markup(start) }
    let letters = html[start...].prefix(12).prefix { (0x61...0x7A).contains($0 | 0x20) || (0x30...0x39).contains($0) }
    let name = String(decoding: letters, as: UTF8.self).lowercased()
    guard HTMLTags.all.contains(name), let end = closing(start + letters.count) else { return nil }
    if !HTMLTags.inline.contains(name) { result.append(0x20) }
    return !isEnd && HTMLTags.hidden.contains(name) ? endOfHidden(name, end + 1) : end + 1
  }

  /// Behind a comment or declaration.
  private func markup(_ start: Int) -> Int? {
    guard html[start...].starts(with: [0x21, 0x2D, 0x2D]), start + 2 < lastComment else { return next(start) }
    var at = start + 5
    while at < lastComment,
      !(html[at] == UInt8(ascii: ">") && html[at - 1] == UInt8(ascii: "-") && html[at - 2] == UInt8(ascii: "-"))
    { at += 1 }
    return at + 1
  }

  private func next(_ start: Int) -> Int? { html[start...].firstIndex(of: UInt8(ascii: ">")).map { $0 + 1 } }

  /// The `>` that ends a tag; one in a quoted value does not.
  private mutating func closing(_ start: Int) -> Int? {
    guard let first = html[start...].firstIndex(of: UInt8(ascii: ">")) else { return nil }
    guard !hasStrayQuote else { return first }
    var quote: UInt8?
    for at in start..<min(html.count, max(first + 1, start + 2_000)) {
      let byte = html[at]
      if let open = quote {
        if byte == open { quote = nil }
      } else if byte == UInt8(ascii: ">") {
        return at
      } else if at > start, html[at - 1] == UInt8(ascii: "="), byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        quote = byte
      }
    }
    hasStrayQuote = true
    return first
  }

  /// Behind the end tag of a script or style; without one, all that follows belongs to it.
  private func endOfHidden(_ name: String, _ start: Int) -> Int {
    let end = Array("</\(name)".utf8)
    var at = start
    while at + end.count <= html.count {
      if html[at] == UInt8(ascii: "<"), zip(html[at..<at + end.count], end).allSatisfy({ $0 | 0x20 == $1 | 0x20 }) {
        return next(at) ?? html.count
      }
      at += 1
    }
    return html.count
  }
}
