/// HTML as one line of text: known tags go, scripts and styles with what is in them, references are read once.
///
/// What looks like a tag and is none of HTML stays as text. This is no guard against scripts: who shows the text on a
/// page escapes it.
enum PlainText {
  static func of(_ html: [UInt8], most: Int) -> String {
    line(stripped(html), most: most)
  }

  /// Runs of space become one, control characters go; at most so many characters, at whose end stands `…`.
  static func line(_ bytes: [UInt8], most: Int) -> String {
    if bytes.allSatisfy({ $0 < 0x80 }) { return plainLine(bytes, most: most) }
    var line = ""
    var pending = false
    var count = 0
    for character in String(decoding: bytes, as: UTF8.self) {
      if character.isWhitespace || character == "\u{FEFF}" {
        pending = !line.isEmpty
        continue
      }
      if let scalar = character.unicodeScalars.first, character.unicodeScalars.count == 1, isControl(scalar) {
        continue
      }
      if count >= most || line.utf8.count + character.utf8.count > most * 8 {
        line += "…"
        break
      }
      if pending {
        line += " "
        count += 1
      }
      pending = false
      line.append(character)
      count += 1
    }
    return line
  }

  /// The same of ASCII, where a byte is a character.
  private static func plainLine(_ bytes: [UInt8], most: Int) -> String {
    var line: [UInt8] = []
    line.reserveCapacity(min(bytes.count, most + 1))
    var pending = false
    for byte in bytes {
      if byte == 0x20 || (0x09...0x0D).contains(byte) {
        pending = !line.isEmpty
        continue
      }
      if byte < 0x20 || byte == 0x7F { continue }
      if line.count >= most { return String(decoding: line, as: UTF8.self) + "…" }
      if pending { line.append(0x20) }
      pending = false
      line.append(byte)
    }
    return String(decoding: line, as: UTF8.self)
  }

  /// Control characters, and the signs that turn the direction of text or hide in it.
  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200B, 0x200E, 0x200F, 0x202A...0x202E, 0x2060...0x2069, 0xFFF9...0xFFFB: true
    default: false
    }
  }

  private static func stripped(_ html: [UInt8]) -> [UInt8] {
    guard html.contains(UInt8(ascii: "<")) || html.contains(UInt8(ascii: "&")) else { return html }
    var stripper = TagStripper(html)
    return stripper.text()
  }
}

/// The elements of HTML that are told from text in angle brackets.
enum HTMLTags {
  /// What holds no text of the page.
  static let hidden: Set<String> = ["script", "style", "noscript", "iframe", "object", "template"]

  /// What stands inside a word or a line.
  static let inline: Set<String> = [
    "a", "abbr", "acronym", "b", "big", "bdi", "bdo", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd",
    "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "var", "wbr",
  ]

  static let all = inline.union(hidden).union([
    "address", "applet", "area", "article", "aside", "audio", "base", "blockquote", "body", "br", "button", "canvas",
    "caption", "center", "col", "colgroup", "dd", "details", "dialog", "dir", "div", "dl", "dt", "embed", "fieldset",
    "figcaption", "figure", "footer", "form", "frame", "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "head",
    "header", "hr", "html", "img", "input", "label", "legend", "li", "link", "main", "map", "math", "menu", "meta",
    "nav", "ol", "optgroup", "option", "p", "param", "picture", "pre", "progress", "section", "select", "source",
    "summary", "svg", "table", "tbody", "td", "textarea", "tfoot", "th", "thead", "time", "title", "tr", "track", "ul",
    "video",
  ])
}
