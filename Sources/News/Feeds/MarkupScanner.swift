/// A name of a feed's elements: what stands before its colon and behind it, in lower case.
struct MarkupName: Hashable {
  var prefix: String
  var local: String

  init(_ name: ArraySlice<UInt8>) {
    let text = String(decoding: name.prefix(128), as: UTF8.self).lowercased()
    if let colon = text.firstIndex(of: ":") {
      prefix = String(text[..<colon])
      local = String(text[text.index(after: colon)...])
    } else {
      prefix = ""
      local = text
    }
  }
}

/// Takes XML apart without asking that it be sound: after a fault it goes on behind the sign that was wrong. Nothing
/// is read twice, nothing is kept but the place, and no entity is expanded.
struct MarkupScanner {
  enum Token {
    case open(MarkupName, attributes: [(name: MarkupName, value: String)], isEmpty: Bool)
    case close(MarkupName)
    /// Text whose references are still to be read.
    case text(Range<Int>)
    /// Text as it stands.
    case data(Range<Int>)
    case end
  }

  let bytes: [UInt8]
  private(set) var at = 0
  /// Places of faults, with what was wrong.
  private(set) var faults: [(at: Int, sentence: String)] = []
  /// How many entities the document declares.
  private(set) var declaredEntities = 0
  private let mostAttributes: Int
  private let mostFaults: Int
  /// Closing signs that do not come any more.
  private var missing: Set<String> = []
  /// A document type without its end is looked through once.
  private var hasOpenType = false

  init(_ bytes: [UInt8], _ limits: FeedLimits) {
    self.bytes = bytes
    mostAttributes = limits.attributes
    mostFaults = limits.remarks
  }

  mutating func note(_ sentence: String, at place: Int? = nil) {
    if faults.count < mostFaults { faults.append((place ?? at, sentence)) }
  }

  mutating func next() -> Token {
    while at < bytes.count {
      let start = at
      guard bytes[at] == UInt8(ascii: "<") else {
        while at < bytes.count, bytes[at] != UInt8(ascii: "<") { at += 1 }
        return .text(start..<at)
      }
      at += 1
      guard at < bytes.count else { return .text(start..<at) }
      switch bytes[at] {
      case UInt8(ascii: "!"): if let token = declaration(start) { return token }
      case UInt8(ascii: "?"): skip(behind: "?>", or: ">")
      case UInt8(ascii: "/"):
        at += 1
        let name = self.name()
        guard !name.isEmpty else { return .text(start..<at) }
        while at < bytes.count, bytes[at] != UInt8(ascii: ">"), bytes[at] != UInt8(ascii: "<") { at += 1 }
        if at < bytes.count, bytes[at] == UInt8(ascii: ">") { at += 1 }
        return .close(MarkupName(name))
      default:
        let name = self.name()
        guard !name.isEmpty else {
          note("a < stands where it should be written &lt;", at: start)
          return .text(start..<at)
        }
        return tag(MarkupName(name), start)
      }
    }
    return .end
  }

  private mutating func name() -> ArraySlice<UInt8> {
    let start = at
    guard at < bytes.count, MarkupScanner.isLetter(bytes[at]) else { return [] }
    while at < bytes.count, MarkupScanner.isInName(bytes[at]) { at += 1 }
    return bytes[start..<at]
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte | 0x20) || byte == UInt8(ascii: "_") || byte >= 0x80
  }

  private static func isInName(_ byte: UInt8) -> Bool {
    isLetter(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "-")
      || byte == UInt8(ascii: ".")
  }

  private mutating func skipSpace() { while at < bytes.count, bytes[at] <= 0x20 { at += 1 } }

  /// The rest of a tag. A `<` in it ends it: XML admits none there, and what follows is the next tag.
  private mutating func tag(_ name: MarkupName, _ start: Int) -> Token {
    var attributes: [(name: MarkupName, value: String)] = []
    while true {
      skipSpace()
      guard at < bytes.count, bytes[at] != UInt8(ascii: "<") else {
        note("the tag \(name.local) is not closed", at: start)
        return .open(name, attributes: attributes, isEmpty: false)
      }
      if bytes[at] == UInt8(ascii: ">") {
        at += 1
        return .open(name, attributes: attributes, isEmpty: false)
      }
      if bytes[at] == UInt8(ascii: "/"), at + 1 < bytes.count, bytes[at + 1] == UInt8(ascii: ">") {
        at += 2
        return .open(name, attributes: attributes, isEmpty: true)
      }
      let attribute = self.name()
      guard !attribute.isEmpty else {
        at += 1
        continue
      }
      skipSpace()
      guard at < bytes.count, bytes[at] == UInt8(ascii: "=") else { continue }
      at += 1
      skipSpace()
      let value = self.value()
      if attributes.count < mostAttributes {
        var text: [UInt8] = []
        CharacterReference.append(value, to: &text, most: 8_192)
        attributes.append((MarkupName(attribute), String(decoding: text, as: UTF8.self)))
      } else if attributes.count == mostAttributes {
        note("the tag \(name.local) has more than \(mostAttributes) attributes; the others are passed over", at: start)
        attributes.append((MarkupName([]), ""))
      }
    }
  }

  private mutating func value() -> ArraySlice<UInt8> {
    guard at < bytes.count else { return [] }
    let quote = bytes[at]
    guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
      let start = at
      while at < bytes.count, bytes[at] > 0x20, bytes[at] != UInt8(ascii: ">"), bytes[at] != UInt8(ascii: "<") {
        at += 1
      }
      return bytes[start..<at]
    }
    at += 1
    let start = at
    while at < bytes.count, bytes[at] != quote, bytes[at] != UInt8(ascii: "<") { at += 1 }
    defer { if at < bytes.count, bytes[at] == quote { at += 1 } }
    return bytes[start..<at]
  }

  /// What begins with `<!`; nil where it holds nothing.
  private mutating func declaration(_ start: Int) -> Token? {
    if follows("![CDATA[") {
      at += 8
      return data(start)
    }
    if follows("!--") {
      at += 3
      skip(behind: "-->", or: nil)
    } else if follows("!DOCTYPE") || follows("!doctype") {
      documentType()
    } else {
      skip(behind: ">", or: nil)
    }
    return nil
  }

  /// A CDATA section. One that has no end of its own ends with its item: the next one is not to be lost for it.
  private mutating func data(_ start: Int) -> Token {
    let from = at
    var itemEnd: Int?
    while at < bytes.count {
      if bytes[at] == UInt8(ascii: "]"), follows("]]>") {
        defer { at += 3 }
        return .data(from..<at)
      }
      if bytes[at] == UInt8(ascii: "<") {
        if itemEnd == nil, follows("</item>") || follows("</entry>") {
          itemEnd = at
        } else if itemEnd != nil, follows("<![CDATA[") {
          break
        }
      }
      at += 1
    }
    note("a CDATA section is not closed", at: start)
    if let itemEnd { at = itemEnd }
    return .data(from..<at)
  }

  /// Looks over a document type and what it declares, and takes nothing from it.
  private mutating func documentType() {
    let start = at
    guard !hasOpenType else { return skip(behind: ">", or: nil) }
    at += 8
    var isInside = false
    var quote: UInt8?
    while at < bytes.count {
      let byte = bytes[at]
      if let open = quote {
        if byte == open { quote = nil }
      } else {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): quote = byte
        case UInt8(ascii: "["): isInside = true
        case UInt8(ascii: "]"): isInside = false
        case UInt8(ascii: ">") where !isInside:
          at += 1
          return
        case UInt8(ascii: "<") where follows("<!ENTITY"): declaredEntities += 1
        case UInt8(ascii: "<") where follows("<!--"): skip(behind: "-->", or: nil)
        default: break
        }
      }
      at += 1
    }
    note("the document type is not closed", at: start)
    at = start + 8
    hasOpenType = true
    skip(behind: ">", or: nil)
  }

  private func follows(_ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard at + count <= bytes.count else { return false }
    return text.withUTF8Buffer { wanted in
      for index in 0..<count where wanted[index] != bytes[at + index] { return false }
      return true
    }
  }

  /// Goes behind the next `sign`, or behind `other` where there is none. Where there is neither, the signs read so far
  /// are passed over, and it is not looked for again.
  private mutating func skip(behind sign: StaticString, or other: StaticString?) {
    let start = at
    if !missing.contains("\(sign)") {
      while at < bytes.count {
        if follows(sign) {
          at += sign.utf8CodeUnitCount
          return
        }
        at += 1
      }
      missing.insert("\(sign)")
      at = start
      note("\(sign) is missing")
    }
    if let other { skip(behind: other, or: nil) } else { at = min(start + 1, bytes.count) }
  }
}
