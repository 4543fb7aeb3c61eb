import Backtesting
import Engine
import Pipelines
import Storage
import Trading

/// The rules of declarations as their files are, to be stamped.
struct RuleStamps {
  private(set) var stamps: [RuleStamp] = []
  private var hashes = RuleHashes()

  /// Takes what a file declares.
  ///
  /// - Parameter reader: of the strategies that a portfolio names. One of which a strategy cannot be read has no rule.
  mutating func add(_ declared: Declaration, reader: StrategyReader) {
    switch declared {
    case .strategy, .priceAlert:
      for strategy in declared.strategies { add(strategy) }
    case .rotation(let rotation):
      add(rotation.name, hashes.hash(of: rotation), text: "")
    case .portfolio(let portfolio):
      let strategies = portfolio.strategies.compactMap { $0.path.flatMap { reader.read(path: $0).strategy } }
      guard strategies.count == portfolio.strategies.count else { return }
      add(portfolio.name, hashes.hash(of: portfolio, strategies: strategies), text: "")
    }
  }

  mutating func add(_ strategy: Strategy) {
    add(strategy.name, hashes.hash(of: strategy), text: LiveStrategy(strategy, symbols: []).version)
  }

  private mutating func add(_ name: String, _ rule: ConfigurationHash, text: String) {
    stamps.append(RuleStamp(strategy: name, rule: rule.description, version: text))
  }
}

extension Workspace {
  /// Stamps the rules of these files, also beside a service that writes. What keeps it from that is told, and no more:
  /// the service stamps them too.
  func stamp(_ declarations: [Declaration]) async {
    guard !declarations.isEmpty else { return }
    var rules = RuleStamps()
    let reader = reader
    for declared in declarations { rules.add(declared, reader: reader) }
    do {
      let store = try store(for: .changing)
      let births = try await store.stamp(rules.stamps, at: Terminal.now)
      let first = births.filter { $0.ancestor == nil }
      let isMany = first.count > 5
      for birth in births where !isMany || birth.ancestor != nil { Terminal.say(birth.sentence) }
      if isMany { Terminal.say("\(first.count) rules are stamped for the first time; `finstage births` lists them") }
      try store.close()
    } catch {
      Terminal.say("the rules were not stamped: \((error as? Failure)?.message ?? "\(error)")")
    }
  }
}

extension BirthRecord {
  /// What is said when it is stamped.
  var sentence: String {
    let rule = rule.prefix(8)
    guard let ancestor else { return "\(strategy): rule \(rule), born \(seen.dateText)" }
    return "\(strategy): a new rule \(rule) after \(ancestor.prefix(8)), born \(seen.dateText)"
  }
}
