public import Trading

/// When a rule was first seen under a strategy's name.
public struct BirthRecord: Hashable, Sendable {
  public var strategy: String
  /// The name of the rule: what the strategy computes and does, and not how it is written.
  public var rule: String
  /// When it was first seen, under this name or under another one.
  public var seen: Instant
  /// The rule that the strategy had when it got this one for the first time; nil for the first one.
  public var ancestor: String?
  /// Whether it is the rule that the strategy has now.
  public var isCurrent: Bool

  public init(strategy: String, rule: String, seen: Instant, ancestor: String? = nil, isCurrent: Bool = true) {
    self.strategy = strategy
    self.rule = rule
    self.seen = seen
    self.ancestor = ancestor
    self.isCurrent = isCurrent
  }
}

/// A strategy as somebody has just read it.
public struct RuleStamp: Hashable, Sendable {
  public var strategy: String
  public var rule: String
  /// The name of its text, by which its signals are kept.
  public var version: String

  public init(strategy: String, rule: String, version: String) {
    self.strategy = strategy
    self.rule = rule
    self.version = version
  }
}

/// Keeps when each rule was first seen, so that what came after it can be told from what it was made from.
public protocol BirthStore: Sendable {
  /// By strategy, and then by when they were seen.
  func births() async throws(StoreError) -> [BirthRecord]
  /// The rules of a strategy's texts, by the name of the text.
  func rules(of strategy: String) async throws(StoreError) -> [String: String]
  /// Stamps what was read. A rule that is known keeps its date; the others are born at this moment. Returns those that
  /// are new to their strategies.
  func stamp(_ stamps: [RuleStamp], at moment: Instant) async throws(StoreError) -> [BirthRecord]
}
