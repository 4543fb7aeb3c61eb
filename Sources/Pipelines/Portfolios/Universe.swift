public import Trading

/// The symbols that a rotation or a portfolio acts on, each with the dates between which it belongs to them.
public struct Universe: Hashable, Sendable {
  /// A symbol, and the first and last UTC date of its membership, both inclusive; nil is open.
  public struct Member: Hashable, Sendable {
    public var symbol: String
    public var from, to: Instant?

    public init(symbol: String, from: Instant? = nil, to: Instant? = nil) {
      self.symbol = symbol
      self.from = from
      self.to = to
    }

    public var isDated: Bool { from != nil || to != nil }

    func contains(_ day: Int) -> Bool {
      (from.map { $0.day <= day } ?? true) && (to.map { day <= $0.day } ?? true)
    }
  }

  private let members: [String: [Member]]

  /// A symbol that stands in it twice belongs to it in both spans.
  public init(_ members: [Member]) { self.members = Dictionary(grouping: members, by: \.symbol) }

  /// Symbols without dates.
  public init(symbols: [String]) { self.init(symbols.map { Member(symbol: $0) }) }

  /// Each symbol once, by the alphabet: in which order they were written says nothing.
  public var symbols: [String] { members.keys.sorted() }

  /// The spans of one symbol.
  public func members(of symbol: String) -> [Member] { members[symbol] ?? [] }

  /// Whether any membership has a date. If none has, the symbols are those of today, and the ones that failed on the
  /// way are not among them.
  public var isDated: Bool { members.values.contains { $0.contains(where: \.isDated) } }

  /// Whether a symbol belongs to it on the UTC date of a moment.
  public func contains(_ symbol: String, at time: Instant) -> Bool {
    members[symbol]?.contains { $0.contains(time.day) } ?? false
  }

  /// The same, less the symbols that are not among these.
  public func limited(to symbols: some Sequence<String>) -> Universe {
    Universe(Set(symbols).sorted().flatMap { members[$0] ?? [] })
  }
}
