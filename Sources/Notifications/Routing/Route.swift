public import PluginKit
public import Storage
public import Trading

/// Which signals are meant: each list that is there must hold the signal's own word. Empty lists mean every signal.
public struct SignalSelection: Hashable, Sendable {
  public var strategies: Set<String>
  public var symbols: Set<String>
  public var categories: Set<String>
  public var priorities: Set<ChannelMessage.Priority>

  public init(
    strategies: Set<String> = [], symbols: Set<String> = [], categories: Set<String> = [],
    priorities: Set<ChannelMessage.Priority> = []
  ) {
    self.strategies = strategies
    self.symbols = symbols
    self.categories = categories
    self.priorities = priorities
  }

  /// A signal without a category is in no list of categories.
  func holds(_ record: SignalRecord, category: String?, _ priority: ChannelMessage.Priority) -> Bool {
    (strategies.isEmpty || strategies.contains(record.strategy))
      && (symbols.isEmpty || symbols.contains(record.symbol))
      && (categories.isEmpty || category.map(categories.contains) == true)
      && (priorities.isEmpty || priorities.contains(priority))
  }
}

/// Where the signals of a selection go.
public struct Route: Hashable, Sendable {
  public var selection: SignalSelection
  /// By their names in the configuration.
  public var channels: [String]
  /// What happens where nobody knows whether a message has arrived; nil leaves it to the rules.
  public var policy: Notice.Policy?
  /// Milliseconds; nil leaves it to the rules.
  public var cooldown: Int64?

  public init(
    _ selection: SignalSelection = SignalSelection(), channels: [String], policy: Notice.Policy? = nil,
    cooldown: Int64? = nil
  ) {
    self.selection = selection
    self.channels = channels
    self.policy = policy
    self.cooldown = cooldown
  }
}

/// Signals that nobody is told of until a moment.
public struct Silence: Hashable, Sendable {
  public var selection: SignalSelection
  public var from: Instant?
  public var until: Instant
  public var reason: String

  public init(_ selection: SignalSelection = SignalSelection(), from: Instant? = nil, until: Instant, reason: String) {
    self.selection = selection
    self.from = from
    self.until = until
    self.reason = reason
  }

  func holds(at moment: Instant) -> Bool { (from.map { $0 <= moment } ?? true) && moment < until }
}
