public import Pipelines
import SeriesMath
import Trading

/// Names rules by what they compute and do: the timeframe, the part of the graph that makes the signals, and the plan of
/// the trades. Names, descriptions, comments, layout, symbols, confidence, reasons, tests and notices are no part of it.
public struct RuleHashes: Sendable {
  private var canonical = CanonicalText()

  public init() {}

  public mutating func hash(of strategy: Strategy) -> ConfigurationHash {
    hash(canonical.bytes(of: strategy), "\(strategy.timeframe)")
  }

  /// The hash of a rotation, whatever its universe.
  public mutating func hash(of rotation: Rotation) -> ConfigurationHash {
    hash(canonical.bytes(of: rotation), "\(rotation.timeframe)")
  }

  /// The hash of a portfolio of these strategies, of which each is part of the rule.
  public mutating func hash(of portfolio: Portfolio, strategies: [Strategy]) -> ConfigurationHash {
    let timeframes = Set(strategies.map { "\($0.timeframe)" }).sorted().joined(separator: " ")
    return hash(canonical.bytes(of: portfolio, strategies: strategies), timeframes)
  }

  private func hash(_ rule: [UInt8], _ timeframe: String) -> ConfigurationHash {
    ConfigurationHash(of: Array("rule \(CanonicalText.version)\ntimeframe \(timeframe)\n".utf8) + rule)
  }
}
