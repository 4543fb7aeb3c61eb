/// The messages that have a template, by the name of its file: `signal.mustache`, or `signal.ko.mustache` for a language.
public enum TemplateName: String, Sendable, CaseIterable {
  /// One signal with all that is known of it.
  case signal
  /// A price alert.
  case alert
  /// The end of a position, as an answer to its entry.
  case exit
  /// One signal as a line of a digest.
  case line
  case digest
  /// Signals of a group, which names all their symbols.
  case group
  /// An answer to a signal that a corrected bar has taken back.
  case correction
  /// A channel that is refused, told by the others.
  case alarm
  /// A piece of news, and the same as a line of a digest.
  case news
  case newsLine = "news_line"
  /// Something of the host itself: a configuration that was read again, a strategy that is not tried any more.
  case host
  /// A strategy that does not do any more what its history gave.
  case drift
  /// A report, which goes in as many messages as its length wants.
  case report

  /// The values that it may name.
  public var values: [String] {
    let signal = [
      "bold", "symbol", "name", "category", "currency", "title", "strategy", "price", "confidence", "direction",
      "reason", "time", "bar_time", "local_time", "zone", "timeframe", "id", "high", "late", "held", "entry", "stop",
      "size", "entry_price", "entry_time", "result", "headlines",
    ]
    return switch self {
    case .signal, .exit, .correction: signal
    case .alert, .line: signal + ["base", "change", "rise"]
    case .digest: ["bold", "count", "lines", "time", "local_time", "zone"]
    case .group: ["bold", "count", "symbols", "lines", "time", "local_time", "zone"]
    case .alarm: ["bold", "channel", "reason", "id"]
    case .news, .newsLine:
      [
        "bold", "title", "summary", "feed", "url", "symbols", "names", "rule", "words", "time", "local_time", "zone",
        "id", "high", "late", "guessed", "undated", "translated_title", "translated_summary",
      ]
    case .host: ["bold", "subject", "reason", "id"]
    case .report:
      [
        "bold", "title", "subtitle", "opening", "sections", "heading", "sentences", "lines", "has_glossary",
        "glossary_heading", "glossary", "term", "meaning", "footer", "part",
      ]
    case .drift: ["bold", "strategy", "timeframe", "horizon", "since", "rate", "count", "history", "floor", "id"]
    }
  }
}

/// What is wrong with a template, and where; lines and columns from 1.
public struct TemplateFault: Hashable, Sendable {
  public var file: String
  public var line: Int
  public var column: Int
  public var message: String
  /// What was perhaps meant.
  public var candidates: [String]
  /// A word that is none of the candidates, where that is the fault.
  public var found: String?

  public init(
    file: String, line: Int, column: Int, message: String, candidates: [String] = [], found: String? = nil
  ) {
    self.file = file
    self.line = line
    self.column = column
    self.message = message
    self.candidates = candidates
    self.found = found
  }
}
