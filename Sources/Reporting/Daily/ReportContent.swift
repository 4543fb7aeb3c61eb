/// A report in words: what both the text and the page are laid out from.
public struct ReportContent: Sendable, Hashable {
  public struct Table: Sendable, Hashable {
    public var heads: [String]
    public var rows: [[String]]
    /// Columns that hold words, at the left.
    public var words: Int
  }

  public struct Section: Sendable, Hashable {
    /// A name for links, and the heading with its sign.
    public var anchor, heading: String
    /// Sentences.
    public var sentences: [String]
    /// The same as the table, a line a row, for texts.
    public var lines: [String]
    public var table: Table?

    init(_ anchor: String, _ heading: String, sentences: [String] = [], lines: [String] = [], table: Table? = nil) {
      self.anchor = anchor
      self.heading = heading
      self.sentences = sentences
      self.lines = lines
      self.table = table
    }
  }

  public struct Term: Sendable, Hashable {
    public var anchor, term, meaning: String
  }

  public var title, subtitle: String
  /// What fired, what is open, what closed, what is stale, when the next comes; one line where nothing was.
  public var opening: [String]
  public var sections: [Section]
  public var glossaryHeading: String
  public var glossary: [Term]
  public var footer: String
}
