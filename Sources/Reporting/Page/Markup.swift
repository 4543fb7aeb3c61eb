internal import Mustache

/// A piece of HTML that is safe to stand in a page as it is. There are two ways to make one: from text, which is
/// escaped, and from markup that this target wrote itself.
struct Markup: Sendable, MustacheCustomRenderable {
  let html: String

  init(text: String) { html = Markup.escaped(text) }
  init(trusted html: String) { self.html = html }

  var renderText: String { html }
  var isNull: Bool { false }

  /// A figure, or a dash that says that it is not defined.
  static func figure(_ text: String?, tinted: Bool = false) -> Markup {
    guard let text else { return Markup(trusted: "<span class=\"undefined\" title=\"not defined\">–</span>") }
    guard tinted, text.hasPrefix("+") || text.hasPrefix("−") else { return Markup(text: text) }
    return Markup(trusted: "<span class=\"\(text.hasPrefix("+") ? "gain" : "loss")\">\(escaped(text))</span>")
  }

  /// Escapes scalar by scalar. Swift-mustache's own escaping goes by character, and a quote followed by a combining
  /// mark is one character that it does not know: it would end an attribute.
  static func escaped(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "<": result.append(contentsOf: "&lt;".unicodeScalars)
      case ">": result.append(contentsOf: "&gt;".unicodeScalars)
      case "&": result.append(contentsOf: "&amp;".unicodeScalars)
      case "\"": result.append(contentsOf: "&quot;".unicodeScalars)
      case "'": result.append(contentsOf: "&#39;".unicodeScalars)
      case "\t", "\n": result.append(scalar)
      // No control character may stand in XML, and one that turns the writing direction round disguises text.
      case "\0"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}": result.append(" ")
      default: result.append(scalar)
      }
    }
    return String(result)
  }
}

/// The escaping that every template asks for in its first line.
struct MarkupContent: MustacheContentType {
  static let name = "MARKUP"
  func escapeText(_ text: String) -> String { Markup.escaped(text) }
}
