/// What `finstage selftest null` found: how often tests at a level raised a false alarm, and how often they saw an edge.
public struct NullVerdict: Hashable, Sendable {
  /// How often a test rejected anything, over histories without skill.
  public struct Alarms: Hashable, Sendable {
    public var test: String
    public var count: Int
    /// The rates that so many alarms do not refute, with 95 % confidence.
    public var interval: ClosedRange<Double>
    /// Whether one of them is the level or less.
    public var keepsLevel: Bool
  }

  /// How often a strategy stood first in an alarm.
  public struct Named: Hashable, Sendable {
    public var strategy: String
    public var count: Int
  }

  public var level: Double
  public var runs: Int
  /// The step-down of Romano and Wolf, Hansen's test, White's reality check.
  public var alarms: [Alarms]
  /// The strategies that stood first where the step-down raised an alarm, the most frequent first: one that comes back
  /// again and again has found something that the histories kept.
  public var named: [Named]
  public var plantedRuns: Int
  /// Histories in which the step-down named the planted strategy.
  public var plantedFound: Int

  /// The share of the planted edges that must be found.
  public static let power = 0.9

  /// Nil without histories of both kinds.
  public init?(_ trials: [NullTrial], planted: [NullTrial], level: Double) {
    guard !trials.isEmpty, !planted.isEmpty else { return nil }
    self.level = level
    runs = trials.count
    let tests: [(String, (NullTrial) -> Double)] = [
      ("Romano-Wolf", { $0.stepdown }), ("Hansen", { $0.superiorPredictiveAbility }), ("White", { $0.realityCheck }),
    ]
    alarms = []
    for (test, p) in tests {
      let count = trials.count { p($0) <= level }
      guard let interval = binomialInterval(successes: count, of: trials.count) else { return nil }
      alarms.append(
        Alarms(test: test, count: count, interval: interval, keepsLevel: interval.lowerBound <= level))
    }
    named = Dictionary(grouping: trials.filter { $0.stepdown <= level }, by: \.best)
      .map { Named(strategy: $0.key, count: $0.value.count) }
      .sorted { ($1.count, $0.strategy) < ($0.count, $1.strategy) }
    plantedRuns = planted.count
    plantedFound = planted.count { ($0.planted ?? 1) <= level }
  }

  /// Whether every test keeps its level.
  public var keepsLevel: Bool { alarms.allSatisfy(\.keepsLevel) }
  /// Whether nearly all planted edges were found: a test that never rejects anything is worth nothing.
  public var findsEdge: Bool { Double(plantedFound) >= NullVerdict.power * Double(plantedRuns) }
  public var isSound: Bool { keepsLevel && findsEdge }
}
