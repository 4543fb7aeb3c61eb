/// The tags of a page with the names of their attributes, as a browser finds them (HTML Standard, 13.2.5, as far as tags,
/// attributes, comments and the text of scripts, styles, titles and text areas go).
///
/// A text that is put into a page and escaped changes its skeleton by nothing, whatever stands in it.
public enum HTMLSkeleton {
  /// `<a href class>`, `</a>`, `<!---->`; of an address its scheme too: `<a href=javascript:>`.
  public static func of(_ html: String) -> [String] {
    var reader = Reader(Array(html.unicodeScalars))
    return reader.tags()
  }

  /// What no page of ours has, whatever it shows: scripts of others, handlers, and addresses that are scripts.
  public static func dangers(in html: String) -> [String] {
    of(html).filter { tag in
      let parts = tag.dropFirst().dropLast().split(separator: " ")
      return ["iframe", "object", "embed", "base", "meta http-equiv=refresh"].contains(
        parts.first.map(String.init) ?? "")
        || parts.dropFirst().contains { part in
          part.hasPrefix("on") || ["javascript:", "vbscript:", "data:"].contains { part.hasSuffix("=\($0)") }
        }
    }
  }

  /// The first tag that does not end what is open, or is never ended; nil where all fit together. Shapes of a drawing may
  /// end themselves.
  public static func misfit(in html: String) -> String? {
    let void: Set<String> = ["br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"]
    let shapes: Set<String> = ["path", "use", "rect", "line", "polyline", "polygon", "circle"]
    var open: [String] = []
    for tag in of(html) {
      let name = tag.drop { $0 == "<" || $0 == "/" }.prefix { $0 != " " && $0 != ">" }.lowercased()
      if tag.hasPrefix("</") {
        while let last = open.last, last != name, shapes.contains(last) { open.removeLast() }
        guard open.last == name else { return "\(tag) within <\(open.last ?? "nothing")>" }
        open.removeLast()
      } else if !tag.hasPrefix("<!"), !void.contains(name) {
        open.append(name)
      }
    }
    return open.last.map { "<\($0)> is not ended" }
  }

  private struct Reader {
    private let html: [Unicode.Scalar]
    private var at = 0
    private var found: [String] = []

    init(_ html: [Unicode.Scalar]) { self.html = html }

    private static let addresses: Set<String> = ["href", "src", "action", "formaction", "xlink:href", "poster", "data"]
    private static let rawText: Set<String> = ["script", "style", "title", "textarea", "noscript", "iframe", "xmp"]

    mutating func tags() -> [String] {
      while at < html.count {
        guard html[at] == "<" else {
          at += 1
          continue
        }
        at += 1
        if starts(with: "!--") {
          comment()
        } else if next == "!" || next == "?" {
          found.append("<!>")
          skip(behind: ">")
        } else if next == "/", at + 1 < html.count, Reader.isLetter(html[at + 1]) {
          at += 1
          let name = word { " \t\n\u{C}\r/>".unicodeScalars.contains($0) }
          skip(behind: ">")
          found.append("</\(name)>")
        } else if let letter = next, Reader.isLetter(letter) {
          element()
        }
      }
      return found
    }

    private mutating func element() {
      let name = word { " \t\n\u{C}\r/>".unicodeScalars.contains($0) }
      var tag = "<\(name)"
      while at < html.count, html[at] != ">" {
        if Reader.isSpace(html[at]) || html[at] == "/" {
          at += 1
          continue
        }
        // A lone = begins a name.
        let start = html[at] == "=" ? take() : ""
        let attribute = start + word { " \t\n\u{C}\r/>=".unicodeScalars.contains($0) }
        while at < html.count, Reader.isSpace(html[at]) { at += 1 }
        var value = ""
        if next == "=" {
          at += 1
          while at < html.count, Reader.isSpace(html[at]) { at += 1 }
          value = self.value()
        }
        tag += " \(attribute)"
        if Reader.addresses.contains(attribute), let scheme = scheme(value) { tag += "=\(scheme)" }
      }
      at += 1
      found.append(tag + ">")
      guard Reader.rawText.contains(name) else { return }
      // Up to its own end tag all is text.
      while at < html.count {
        let isEnd = starts(with: "</\(name)")
        let behind = at + name.unicodeScalars.count + 2
        if isEnd, behind >= html.count || Reader.isSpace(html[behind]) || html[behind] == "/" || html[behind] == ">" {
          return
        }
        at += 1
      }
    }

    private mutating func value() -> String {
      guard let quote = next, quote == "\"" || quote == "'" else {
        return word(lowers: false) { Reader.isSpace($0) || $0 == ">" }
      }
      at += 1
      let text = word(lowers: false) { $0 == quote }
      at += 1
      return text
    }

    private mutating func comment() {
      found.append("<!---->")
      at += 3
      if next == ">" {
        at += 1
        return
      }
      while at < html.count, !starts(with: "-->"), !starts(with: "--!>") { at += 1 }
      skip(behind: ">")
    }

    /// The scheme of an address, its references read; nil where it has none.
    private func scheme(_ value: String) -> String? {
      let bare = value.replacing("&colon;", with: ":").replacing("&#58;", with: ":").replacing("&#x3a;", with: ":")
        .replacing("&Tab;", with: "").replacing("&NewLine;", with: "").lowercased()
        .filter { !$0.isWhitespace && $0.unicodeScalars.allSatisfy { $0.value > 0x20 } }
      let head = bare.prefix { $0 != ":" && $0 != "/" && $0 != "?" && $0 != "#" }
      return bare.dropFirst(head.count).first == ":" ? "\(head):" : nil
    }

    private var next: Unicode.Scalar? { at < html.count ? html[at] : nil }

    private mutating func take() -> String {
      at += 1
      return String(html[at - 1])
    }

    private mutating func word(lowers: Bool = true, until isEnd: (Unicode.Scalar) -> Bool) -> String {
      var word = String.UnicodeScalarView()
      while at < html.count, !isEnd(html[at]) {
        word.append(html[at])
        at += 1
      }
      return lowers ? String(word).lowercased() : String(word)
    }

    private mutating func skip(behind end: Unicode.Scalar) {
      while at < html.count, html[at] != end { at += 1 }
      at += 1
    }

    private func starts(with text: String) -> Bool {
      let wanted = Array(text.unicodeScalars)
      guard at + wanted.count <= html.count else { return false }
      return zip(html[at...], wanted).allSatisfy { String($0).lowercased() == String($1) }
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool { scalar.isASCII && scalar.properties.isAlphabetic }
    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool { " \t\n\u{C}\r".unicodeScalars.contains(scalar) }
  }
}
