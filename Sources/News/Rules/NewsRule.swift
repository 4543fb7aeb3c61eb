public import Storage

/// Which news somebody is to be told of. A list that is empty asks nothing.
public struct NewsRule: Hashable, Sendable {
  public var name: String
  /// One of these stands in title or summary.
  public var anyOf: [Keyword]
  /// All of these do.
  public var allOf: [Keyword]
  /// None of these does.
  public var noneOf: [Keyword]
  /// The item is about one of these.
  public var symbols: Set<String>
  /// Names of feeds.
  public var feeds: Set<String>
  public var languages: Set<String>

  public init(
    name: String, anyOf: [Keyword] = [], allOf: [Keyword] = [], noneOf: [Keyword] = [], symbols: Set<String> = [],
    feeds: Set<String> = [], languages: Set<String> = []
  ) {
    self.name = name
    self.anyOf = anyOf
    self.allOf = allOf
    self.noneOf = noneOf
    self.symbols = symbols
    self.feeds = feeds
    self.languages = languages
  }

  /// The keywords that were found; nil where the rule does not hold.
  public func match(_ item: NewsItem) -> [String]? {
    guard symbols.isEmpty || !symbols.isDisjoint(with: item.symbols), feeds.isEmpty || feeds.contains(item.feed) else {
      return nil
    }
    if !languages.isEmpty {
      guard let language = item.language?.prefix(2), languages.contains(String(language)) else { return nil }
    }
    let text = SearchableText("\(item.title)\n\(item.summary ?? "")")
    guard !noneOf.contains(where: text.contains), allOf.allSatisfy(text.contains) else { return nil }
    let found = anyOf.filter(text.contains)
    guard anyOf.isEmpty || !found.isEmpty else { return nil }
    return (allOf + found).map(\.text)
  }
}

/// A word or phrase. It is found as a whole word whatever its case; with `*` at its end also as the beginning of one;
/// one of Korean, Chinese or Japanese also within others, which particles and other words are written onto.
public struct Keyword: Hashable, Sendable {
  public let text: String
  let scalars: [Unicode.Scalar]
  let isStart: Bool

  /// Nil where no letter or digit stands in it.
  public init?(_ text: String) {
    guard text.contains(where: { $0.isLetter || $0.isNumber }), text.utf8.count <= 400 else { return nil }
    self.text = text
    isStart = text.hasSuffix("*")
    scalars = SearchableText.folded(isStart ? String(text.dropLast()) : text)
  }
}

/// Text in lower case in which keywords are looked for.
struct SearchableText {
  private let scalars: [Unicode.Scalar]

  init(_ text: String) { scalars = SearchableText.folded(text) }

  static func folded(_ text: String) -> [Unicode.Scalar] {
    let words = text.lowercased().split(whereSeparator: \.isWhitespace)
    return Array(words.joined(separator: " ").unicodeScalars)
  }

  func contains(_ keyword: Keyword) -> Bool {
    let wanted = keyword.scalars
    guard let first = wanted.first, let last = wanted.last, scalars.count >= wanted.count else { return false }
    let needsStart = SearchableText.isWord(first)
    let needsEnd = SearchableText.isWord(last) && !keyword.isStart
    for place in 0...(scalars.count - wanted.count) where scalars[place] == first {
      let end = place + wanted.count
      guard scalars[place..<end].elementsEqual(wanted) else { continue }
      let startsWord = place == 0 || !needsStart || !SearchableText.isWord(scalars[place - 1])
      let endsWord = end == scalars.count || !needsEnd || !SearchableText.isWord(scalars[end])
      if startsWord, endsWord { return true }
    }
    return false
  }

  /// Letters and digits that are written with space between their words.
  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x1100...0x11FF, 0x3040...0x30FF, 0x3131...0x318E, 0x3400...0x9FFF, 0xAC00...0xD7A3, 0xF900...0xFAFF: false
    default: scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }
  }
}
