public import PluginKit
public import Trading

/// `kind: price_alert`: rules on prices that somebody is told of and nothing is traded by. Each rule is a strategy of its
/// own, called by the file's name and the rule's: `price-monitor.new_high`.
public struct PriceAlert: Sendable {
  /// The name, which is the file's name too.
  public var name: String
  public var title: String
  public var description: String
  public var timeframe: Timeframe
  /// Symbols and `@watchlists`, as written.
  public var symbols: [String]
  /// As they are declared, each once.
  public var watches: [AlertWatch]
  /// What they become, in the same order.
  public var strategies: [Strategy]

  /// Runs the tests of the file: of each, what every rule says. With a registry, failing ones show what the rule saw
  /// around their faults.
  public func runTests(registry: Registry? = nil) throws(GraphError) -> [StrategyTest.Outcome] {
    var outcomes: [StrategyTest.Outcome] = []
    for (watch, strategy) in zip(watches, strategies) {
      for (place, own) in try strategy.runTests(registry: registry).enumerated() {
        if outcomes.count == place {
          outcomes.append(StrategyTest.Outcome(name: own.name, line: own.line, faults: []))
        }
        outcomes[place].faults += own.faults.map { "\(watch.rule.rawValue): \($0)" }
        outcomes[place].traces += own.traces
      }
    }
    return outcomes
  }
}

/// One rule of a price alert as it is declared.
public struct AlertWatch: Hashable, Sendable {
  public var rule: AlertRule
  public var threshold: AlertThreshold
  /// From which change on the priority is high, as a fraction; nil leaves the priority as it is.
  public var high: Double?
  /// Of its bars, where they are not those of the file.
  public var timeframe: Timeframe
  public var notify: Notify
}

/// How far a price must be from its base, as a fraction: a symbol's own number goes before its category's, and that
/// before the number of all others.
public struct AlertThreshold: Hashable, Sendable {
  /// Nil where symbols that are not named otherwise are not watched.
  public var initial: Double?
  public var categories: [String: Double] = [:]
  public var symbols: [String: Double] = [:]

  public init(_ initial: Double?, categories: [String: Double] = [:], symbols: [String: Double] = [:]) {
    self.initial = initial
    self.categories = categories
    self.symbols = symbols
  }

  /// The same by symbol alone.
  ///
  /// - Parameter known: the category of each symbol that has one.
  public func numbers(_ known: [String: String]) -> NumberBySymbol {
    var numbers: [String: Double] = [:]
    for (symbol, category) in known { numbers[symbol] = categories[category] }
    return NumberBySymbol(initial, symbols: numbers.merging(symbols) { _, own in own })
  }
}
