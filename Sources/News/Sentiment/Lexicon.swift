/// Words with weights, from which a text's tone is reckoned. It is a data file, which a user can add to or replace.
public struct Lexicon: Sendable {
  /// What a negated word counts: its weight times this.
  public internal(set) var negation = -0.5
  /// The further words a single one is taken with: score = sum / (sum of sizes + damping).
  public internal(set) var damping = 1.0
  /// From this score on a text is called positive, from its opposite on negative.
  public internal(set) var threshold = 0.2
  /// How many words a negator may stand from the word that it turns.
  public internal(set) var reach = 3

  var words = WordTable()
  var negatorsBefore = WordTable()
  var negatorsAfter = WordTable()
  var intensifiers = WordTable()
  /// Words that part clauses.
  var breaks = WordTable()

  /// Weighted words.
  public var count: Int { words.count }

  /// The lexicon that comes along: English and Korean.
  public static let bundled: Lexicon = {
    var lexicon = Lexicon()
    for bytes in [PackageResources.english_txt, PackageResources.korean_txt] {
      // What comes along is read by a test; a fault would leave the words before it.
      try? lexicon.add(String(decoding: bytes, as: UTF8.self), file: "bundled")
    }
    return lexicon
  }()

  public init() {}
}

/// Patterns of words with numbers: `soar`, `soar*` (so begun), `*급등*` (so containing), `profit_warning` (several
/// words).
struct WordTable: Sendable {
  struct Phrase: Sendable, Hashable {
    /// Behind the first one.
    var rest: [Pattern]
    var value: Double
  }

  struct Pattern: Sendable, Hashable {
    var text: String
    var isPrefix: Bool

    func fits(_ token: String) -> Bool { isPrefix ? token.hasPrefix(text) : token == text }
  }

  private(set) var count = 0
  private var exact: [String: [Phrase]] = [:]
  private var prefixes: [String: [Phrase]] = [:]
  private var contained: [String: Double] = [:]
  private var patterns: Set<String> = []
  /// Lengths of contained patterns.
  private var lengths: Set<Int> = []

  /// Whether the pattern is new.
  mutating func add(_ pattern: String, _ value: Double) -> Bool {
    let isNew = patterns.insert(pattern).inserted
    if isNew { count += 1 }
    if pattern.hasPrefix("*") {
      let text = String(pattern.drop { $0 == "*" }.prefix { $0 != "*" })
      contained[text] = value
      lengths.insert(text.count)
      return isNew
    }
    let parts = pattern.split(separator: "_").map { part in
      Pattern(text: String(part.prefix { $0 != "*" }), isPrefix: part.hasSuffix("*"))
    }
    guard let first = parts.first else { return isNew }
    let phrase = Phrase(rest: Array(parts.dropFirst()), value: value)
    func placed(_ phrases: inout [Phrase]) {
      phrases.removeAll { $0.rest == phrase.rest }
      phrases.append(phrase)
      phrases.sort { $0.rest.count > $1.rest.count }
    }
    if first.isPrefix { placed(&prefixes[first.text, default: []]) } else { placed(&exact[first.text, default: []]) }
    return isNew
  }

  /// The longest pattern that fits the words from a place on: of one length a whole word, then the longest beginning,
  /// then the longest part.
  func match(_ tokens: [Token], at place: Int) -> (length: Int, value: Double)? {
    let word = tokens[place].text
    var best: (length: Int, value: Double)?
    func take(_ phrases: [Phrase]) {
      for phrase in phrases where phrase.rest.count + 1 > best?.length ?? 0 {
        let end = place + 1 + phrase.rest.count
        guard end <= tokens.count, tokens[end - 1].clause == tokens[place].clause,
          zip(phrase.rest, tokens[(place + 1)..<end]).allSatisfy({ $0.fits($1.text) })
        else { continue }
        best = (phrase.rest.count + 1, phrase.value)
        return
      }
    }
    if let phrases = exact[word] { take(phrases) }
    if !prefixes.isEmpty {
      var beginning = word
      while !beginning.isEmpty {
        if let phrases = prefixes[beginning] { take(phrases) }
        beginning.removeLast()
      }
    }
    if best == nil, !contained.isEmpty, let value = contained(in: word) { best = (1, value) }
    return best
  }

  private func contained(in word: String) -> Double? {
    let letters = Array(word)
    for length in lengths.sorted(by: >) where length <= letters.count {
      for start in 0...(letters.count - length) {
        if let value = contained[String(letters[start..<start + length])] { return value }
      }
    }
    return nil
  }
}
