import Pipelines
import Storage
import Trading

/// What a live run knows of a market.
struct LiveEntry {
  let market: LiveMarket
  /// Strategies that act on it now.
  var strategies: Set<Int> = []
  var families: [Int] = []
  /// The series that those read besides, by the name that they know them by.
  var others: [String: SeriesName] = [:]
  /// Bars taken, the last of them, and when it was known.
  var taken = 0
  var last: Instant?
  var lastKnown: Instant?
  var basis: PriceBasis?
  /// What was there besides the bars' number when it was evaluated: `LiveTable.signature`.
  var signature = 0
  /// Its states are not to be gone on from.
  var isStale = true
  /// As saved; nil where it was never evaluated.
  var mark: LiveMark?
  /// The bar after which signals of a strategy are said; none before the market is first evaluated.
  var after: [Int: Instant] = [:]
  /// Strategies that the store does not know to act on it.
  var unsaved: Set<Int> = []
  var otherTaken: [String: Int] = [:]

  /// From where on signals of the told strategies are looked at.
  var tellsAfter: Instant? { mark.map { mark in strategies.map { after[$0] ?? mark.last }.min() ?? mark.last } }
}

/// The strategies, families and markets of a live run. Nothing here waits: whoever changes it changes it at once.
struct LiveTable {
  /// All that ever ran; a family's strategies are places here.
  private(set) var strategies: [LiveStrategy] = []
  private(set) var current: [String: Int] = [:]
  private(set) var families: [Int: LiveFamily] = [:]
  private var familyIDs: [[Int]: Int] = [:]
  var entries: [LiveEntry] = []
  private var places: [LiveMarket: Int] = [:]

  /// The place of a strategy, a new one where its text is.
  mutating func place(of strategy: LiveStrategy) -> Int {
    if let known = current[strategy.name], strategies[known].version == strategy.version {
      // Of the same text; a watchlist that it names may have others on it.
      strategies[known] = strategy
      return known
    }
    strategies.append(strategy)
    return strategies.count - 1
  }

  mutating func run(_ chosen: [Int]) {
    current = Dictionary(chosen.map { (strategies[$0].name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  mutating func place(of market: LiveMarket) -> Int {
    if let place = places[market] { return place }
    entries.append(LiveEntry(market: market))
    places[market] = entries.count - 1
    return entries.count - 1
  }

  /// The family of some strategies, each market of which has the same.
  mutating func family(of chosen: [Int]) -> LiveFamily {
    if let id = familyIDs[chosen], let family = families[id] { return family }
    let id = (families.keys.max() ?? -1) + 1
    let family = LiveFamily(id: id, family: StrategyFamily(chosen.map { strategies[$0].strategy }), strategies: chosen)
    families[id] = family
    familyIDs[chosen] = id
    return family
  }

  /// Forgets families that no market has.
  mutating func forgetUnused() {
    let used = Set(entries.flatMap(\.families))
    for (id, family) in families where !used.contains(id) {
      families[id] = nil
      familyIDs[family.strategies] = nil
    }
  }

  /// The names of all series that the markets read.
  var names: Set<SeriesName> {
    entries.reduce(into: []) { names, entry in
      guard !entry.strategies.isEmpty else { return }
      names.insert(entry.market.deciding)
      names.formUnion(entry.others.values)
    }
  }
}

/// The latest bars of a series that others read besides their own, as far back as one of them has not taken them.
struct LiveTail {
  var series: CandleSeries
  /// The number of its first bar.
  var first = 0
  /// Bars that are there and not closed.
  var open = 0
  var revision: Int
  /// How often it was read anew because bars that were there were others.
  var restarts = 0

  var end: Int { first + series.count }

  /// Bars that were known by a moment.
  func count(knownBy now: Instant) -> Int {
    var (low, high) = (0, series.count)
    while low < high {
      let middle = (low + high) / 2
      if series.knownAt(middle) <= now { low = middle + 1 } else { high = middle }
    }
    return first + low
  }
}
