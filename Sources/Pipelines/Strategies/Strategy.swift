import PluginKit
public import Trading

/// A strategy as declared and checked: a graph, and which of its columns make the signals.
public struct Strategy: Sendable {
  /// The name, which is the file's name too.
  public var name: String
  public var title: String
  public var description: String
  public var timeframe: Timeframe
  /// Symbols and `@watchlists`, as written.
  public var symbols: [String]
  /// Instead of symbols: symbols by role, in the order of the roles. The bars of the first one decide.
  public var groups: [[(role: String, symbol: String)]]
  public var graph: Graph
  public var rule: SignalRule
  /// Every bar on which a call is true is a signal, not only the first.
  public var emitsLevels: Bool
  public var plan: TradePlan
  public var notify: Notify
  public var tests: [StrategyTest]
  /// Steps in the order of the file.
  public var steps: [StepOutline]
  /// The file as it was read, so that a trial can be had again.
  public var text = ""
  /// Of a price alert, the rule of its file that this is.
  public var alert: AlertRule?
  /// What the configuration put into it, so that another configuration makes another version of the same text.
  public var resolved = ""

  /// The name of its file: its own, but for the rule of a price alert.
  public var file: String { alert.map { String(name.dropLast($0.rawValue.count + 1)) } ?? name }
}

/// How a signal is told.
public struct Notify: Hashable, Sendable {
  public enum Priority: String, Sendable, CaseIterable { case high, medium, low }

  public var priority = Priority.medium
  public var channels: [String] = []
  public var cooldown: Timeframe?
  /// Of a price alert: how far from its base a price must be for the priority to be high, as a fraction.
  public var highFrom: Double?

  public init() {}

  /// How one signal is told.
  public func of(_ signal: Signal) -> Notify {
    guard let highFrom, let base = signal.base, base > 0, abs(signal.price / base - 1) >= highFrom else { return self }
    var raised = self
    raised.priority = .high
    return raised
  }
}

/// Which columns make the signals of a step.
public struct SignalRule: Sendable {
  public enum Calls: Hashable, Sendable {
    /// A bullish and a bearish condition.
    case both(buy: Int, sell: Int)
    /// Entries are calls, exits are tested while in the position.
    case positions(long: Position?, short: Position?)
  }

  public struct Position: Hashable, Sendable {
    public var enter, exit: Int
  }

  public var calls: Calls
  public var confidence: Int
  public var reasons: [Direction: Reason]
  /// Of a price alert the column of the price that it is measured against.
  public var base: Int?

  /// The columns that a signal reads besides its conditions.
  var all: [Int] {
    var columns = [confidence] + (base.map { [$0] } ?? [])
    switch calls {
    case .both(let buy, let sell): columns += [buy, sell]
    case .positions(let long, let short):
      for position in [long, short].compactMap({ $0 }) { columns += [position.enter, position.exit] }
    }
    return columns
  }

  /// The same rule in a graph that took over this one's nodes.
  func moved(_ places: [Int]) -> SignalRule {
    var rule = self
    rule.confidence = places[confidence]
    rule.base = base.map { places[$0] }
    rule.reasons = reasons.mapValues { $0.moved(places) }
    func move(_ position: Position) -> Position {
      Position(enter: places[position.enter], exit: places[position.exit])
    }
    switch calls {
    case .both(let buy, let sell): rule.calls = .both(buy: places[buy], sell: places[sell])
    case .positions(let long, let short): rule.calls = .positions(long: long.map(move), short: short.map(move))
    }
    return rule
  }
}

/// Why a signal stands: text and quoted values, put together only where there is a signal.
public struct Reason: Sendable {
  public enum Part: Sendable {
    case text(String)
    case value(Int)
  }

  public var parts: [Part]

  /// The words; `value` tells what the part at a place quotes of a node.
  func text(_ value: (_ place: Int, _ node: Int) -> Double) -> String {
    var text = ""
    for (place, part) in parts.enumerated() {
      switch part {
      case .text(let own): text += own
      case .value(let node): text += Figure(value(place, node)).description
      }
    }
    return text
  }

  func moved(_ places: [Int]) -> Reason {
    Reason(
      parts: parts.map { part in
        if case .value(let node) = part { return .value(places[node]) }
        return part
      })
  }
}
