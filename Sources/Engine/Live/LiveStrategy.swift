public import Pipelines
import SeriesMath
public import Trading

/// A strategy as a host runs it: checked, with the markets that it acts on and the name of its text.
public struct LiveStrategy: Sendable {
  public let strategy: Strategy
  /// The first 64 bits of the SHA-256 of its text, in hexadecimal digits; of a price alert of its text and of what the
  /// configuration makes of its thresholds.
  public let version: String
  public let markets: [LiveMarket]
  /// What it acts on, watchlists replaced by their symbols; empty where it acts on groups.
  public let symbols: [String]

  /// - Parameter symbols: What the strategy names, with watchlists replaced by their symbols; of no account where it acts
  ///   on groups.
  public init(_ strategy: Strategy, symbols: [String]) {
    self.strategy = strategy
    self.symbols = strategy.groups.isEmpty ? symbols : []
    version = LiveStrategy.version(of: strategy.text + strategy.resolved)
    if strategy.groups.isEmpty {
      markets = symbols.map { LiveMarket(symbol: $0, strategy.timeframe) }
    } else {
      markets = strategy.groups.compactMap { LiveMarket(group: $0, strategy.timeframe) }
    }
  }

  public var name: String { strategy.name }

  /// All series that it reads.
  public var names: Set<SeriesName> {
    markets.reduce(into: []) { names, market in
      names.insert(market.deciding)
      names.formUnion(market.others(of: strategy.graph).values)
    }
  }

  static func version(of text: String) -> String {
    var hash = SHA256()
    hash.update(Array(text.utf8))
    return hash.value().prefix(8).map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }
}

/// The bars of a symbol at a timeframe.
public struct SeriesName: Hashable, Sendable, CustomStringConvertible {
  public let symbol: String
  public let timeframe: Timeframe

  public init(_ symbol: String, _ timeframe: Timeframe) {
    self.symbol = symbol
    self.timeframe = timeframe
  }

  public var description: String { "\(symbol) \(timeframe)" }
}

/// What a strategy acts on: a symbol, or a group of them of which the first one's bars decide.
public struct LiveMarket: Hashable, Sendable, CustomStringConvertible {
  /// What its signals are said of: the symbol, or those of the group.
  public let name: String
  /// The bars that decide.
  public let deciding: SeriesName
  /// The other members of a group by their `@role`.
  public let roles: [String: String]

  public init(symbol: String, _ timeframe: Timeframe) {
    (name, roles) = (symbol, [:])
    deciding = SeriesName(symbol, timeframe)
  }

  init?(group: [(role: String, symbol: String)], _ timeframe: Timeframe) {
    guard let first = group.first else { return nil }
    name = group.map(\.symbol).joined(separator: "/")
    deciding = SeriesName(first.symbol, timeframe)
    roles = Dictionary(group.dropFirst().map { ("@\($0.role)", $0.symbol) }, uniquingKeysWith: { first, _ in first })
  }

  /// The series that a graph reads besides, by the name that it knows them by.
  public func others(of graph: Graph) -> [String: SeriesName] {
    var others: [String: SeriesName] = [:]
    for name in graph.symbols { others[name] = SeriesName(roles[name] ?? name, deciding.timeframe) }
    return others
  }

  public var description: String { "\(name) \(deciding.timeframe)" }

  /// What its mark is kept under: two groups of the same symbols in other roles are two markets.
  var key: String {
    roles.isEmpty
      ? name : name + " " + roles.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
  }
}
