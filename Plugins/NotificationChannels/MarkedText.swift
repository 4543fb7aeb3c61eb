import PluginKit

/// Cuts text into parts that a channel takes: at the end of a line where there is one, else between characters as
/// people see them. Tags that are open at a cut are closed before and opened again behind it.
struct MarkedText: Sendable {
  /// What the limit counts.
  enum Count: Sendable {
    /// UTF-16 units of what is shown, without tags.
    case shownUTF16
    /// UTF-16 units, or bytes of UTF-8, of all that is sent.
    case sourceUTF16, sourceUTF8
  }

  struct Part: Hashable, Sendable {
    /// In the form.
    var source: String
    /// As plain text.
    var shown: String
  }

  /// The most parts of one message; the last says that more was cut off.
  static let most = 10

  private let form: TextForm
  private let limit: Int
  private let counts: Count

  init(_ form: TextForm, limit: Int, counts: Count) {
    self.form = form
    self.limit = limit
    self.counts = counts
  }

  /// The parts of a message, each with its number and the message's id where there are several. Parts without a sign in
  /// them are left out: no server takes them.
  func parts(of message: ChannelMessage) -> [Part] {
    let tokens = tokens(of: message.text)
    if cost(of: tokens) <= limit { return parts(tokens, limit: limit) }
    let id = String(message.id.prefix(64))
    let longest = mark(MarkedText.most, MarkedText.most, id, isCut: true)
    var parts = parts(tokens, limit: max(64, limit - cost(longest.source, longest.shown)))
    let isCut = parts.count > MarkedText.most
    parts.removeLast(max(0, parts.count - MarkedText.most))
    return parts.enumerated().map { place, part in
      let mark = mark(place + 1, parts.count, id, isCut: isCut && place + 1 == parts.count)
      return Part(source: part.source + mark.source, shown: part.shown + mark.shown)
    }
  }

  /// Sends the parts one after the other, each once the one before has arrived. `one` is handed what the channel calls
  /// the first; so is the whole message.
  func send(
    _ message: ChannelMessage, by channel: String, _ one: (Part, _ first: String?) async -> Delivery
  ) async -> Delivery {
    let parts = parts(of: message)
    var first: String?
    for (place, part) in parts.enumerated() {
      let delivery = await one(part, first)
      guard case .sent(let reference) = delivery else { return delivery.after(place, of: parts.count) }
      first = first ?? reference
    }
    return parts.isEmpty ? .refused("\(channel): the message is empty") : .sent(reference: first)
  }

  private func mark(_ place: Int, _ count: Int, _ id: String, isCut: Bool) -> Part {
    let shown = "\(isCut ? "…" : "")\n\(place)/\(count) · \(id)"
    return Part(source: form.escaped(shown), shown: shown)
  }

  // MARK: Cutting

  private func parts(_ tokens: [Token], limit: Int) -> [Part] {
    var parts: [Part] = []
    var open: [(name: String, source: String)] = []
    var start = 0
    while start < tokens.count {
      let (end, next) = cut(tokens, from: start, limit: limit)
      var part = Part(source: open.map(\.source).joined(), shown: "")
      for token in tokens[start..<next] {
        switch token.kind {
        case .open(let name): open.append((name, token.source))
        case .close(let name): if open.last?.name == name { open.removeLast() }
        case .text: break
        }
      }
      for token in tokens[start..<end] {
        part.source += token.source
        part.shown += token.shown
      }
      part.source += open.reversed().map { "</\($0.name)>" }.joined()
      if part.shown.contains(where: { !$0.isWhitespace }) { parts.append(part) }
      start = next
    }
    return parts
  }

  /// Where the part that begins at a token ends, and where the next begins: behind the end of a line.
  private func cut(_ tokens: [Token], from start: Int, limit: Int) -> (end: Int, next: Int) {
    var used = 0
    var end = start
    var line: Int?
    while end < tokens.count, used + cost(of: tokens[end]) <= limit || end == start {
      used += cost(of: tokens[end])
      if tokens[end].isNewline { line = end }
      end += 1
    }
    if end == tokens.count { return (end, end) }
    if tokens[end].isNewline { return (end, end + 1) }
    if let line, line > start { return (line, line + 1) }
    return (end, end)
  }

  private func cost(of tokens: [Token]) -> Int { tokens.reduce(0) { $0 + cost(of: $1) } }
  private func cost(of token: Token) -> Int { cost(token.source, token.shown) }

  private func cost(_ source: String, _ shown: String) -> Int {
    switch counts {
    case .shownUTF16: shown.utf16.count
    case .sourceUTF16: source.utf16.count
    case .sourceUTF8: source.utf8.count
    }
  }

  // MARK: Reading

  /// The least that is not cut: a tag, an escaped sign, a character.
  private struct Token {
    enum Kind {
      case open(String)
      case close(String)
      case text
    }

    var kind = Kind.text
    var source: String
    var shown: String

    var isNewline: Bool { shown.count == 1 && shown.first?.isNewline == true }
  }

  private func tokens(of text: String) -> [Token] {
    var tokens: [Token] = []
    var plain = ""
    func endPlain() {
      for character in plain {
        let text = String(character)
        if cost(text, text) <= 64 {
          tokens.append(Token(source: text, shown: text))
        } else {
          // Hundreds of marks over one letter are no character that anybody reads.
          for scalar in text.unicodeScalars { tokens.append(Token(source: String(scalar), shown: String(scalar))) }
        }
      }
      plain = ""
    }
    var rest = text.unicodeScalars[...]
    while let scalar = rest.first {
      if let token = sign(at: rest) {
        endPlain()
        tokens.append(token)
        rest = rest.dropFirst(token.source.unicodeScalars.count)
      } else {
        plain.unicodeScalars.append(scalar)
        rest.removeFirst()
      }
    }
    endPlain()
    return tokens
  }

  /// A tag or an escaped sign that begins here.
  private func sign(at rest: Substring.UnicodeScalarView) -> Token? {
    switch (form, rest.first) {
    case (.telegramHTML, "<"): return tag(at: rest)
    case (.telegramHTML, "&"), (.slackMrkdwn, "&"):
      guard let end = rest.prefix(10).firstIndex(of: ";") else { return nil }
      let source = String(rest[...end])
      guard let shown = MarkedText.entities[source] ?? MarkedText.numbered(source) else { return nil }
      return Token(source: source, shown: shown)
    case (.discordMarkdown, "\\"):
      guard let escaped = rest.dropFirst().first, escaped.properties.generalCategory != .control else { return nil }
      return Token(source: "\\" + String(escaped), shown: String(escaped))
    default: return nil
    }
  }

  private func tag(at rest: Substring.UnicodeScalarView) -> Token? {
    guard let end = rest.prefix(4_096).firstIndex(of: ">") else { return nil }
    let inside = rest[rest.index(after: rest.startIndex)..<end]
    let isClosing = inside.first == "/"
    let name = String((isClosing ? inside.dropFirst() : inside).prefix { $0.properties.isAlphabetic || $0 == "-" })
    guard !name.isEmpty, !inside.contains("<") else { return nil }
    return Token(kind: isClosing ? .close(name) : .open(name), source: String(rest[...end]), shown: "")
  }

  private static let entities = ["&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": "\""]

  private static func numbered(_ source: String) -> String? {
    guard source.hasPrefix("&#") else { return nil }
    let digits = source.dropFirst(2).dropLast()
    let number =
      digits.first == "x" || digits.first == "X" ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
    return number.flatMap { Unicode.Scalar($0) }.map { String($0) }
  }
}
