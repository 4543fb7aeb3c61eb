public import Backtesting
public import Storage
import Trading

/// What became of stored calls after one horizon, by what they have in common.
public struct Performance: Sendable {
  /// What calls are put together by.
  public enum Dimension: String, Sendable, CaseIterable {
    case strategy, version, symbol, timeframe, direction
    /// The UTC month of the call's bar.
    case month
    /// The market as it was known at the call's close: trend and volatility.
    case regime
    /// Before or after the birth of the strategy's rule.
    case sample
    /// Whether somebody said that they acted on the call.
    case taken
  }

  /// What a call is of, by the rule that its strategy has now.
  public enum Sample: String, Sendable, CaseIterable {
    /// Of that rule, at a bar after the day of its birth.
    case outOfSample = "out-of-sample"
    /// At an earlier bar, or of an earlier rule.
    case before
    /// No birth is known.
    case unstamped
  }

  /// The values of `taken`.
  public static let (taken, notTaken) = ("taken", "not taken")

  /// Calls that have the same in all dimensions.
  public struct Group: Sendable {
    /// A value a dimension.
    public var key: [String]
    /// Of the calls whose horizon has ended; `count` is theirs.
    public var outcome: HorizonOutcome
    /// The greatest and the least return.
    public var best, worst: Double?
    /// Calls whose horizon has not ended, or that came to no price.
    public var open: Int
    /// Strategies among them, and texts of these.
    public var strategies: Int
    public var versions: Int
    public var symbols: Int
    /// The success rate as a letter; nil under the least number of samples.
    public var rateGrade: RateGrade?
    /// The chance to see such a success above the base rate without skill, adjusted for all groups that have samples
    /// enough; nil for those that have not.
    public var pValue: Double?
  }

  public let horizon: Horizon
  public let dimensions: [Dimension]
  public let minSamples: Int
  /// Ordered by key.
  public let groups: [Group]
  /// All calls together.
  public let total: Group?
  /// What was said of all calls, and what came; nil where none has ended.
  public let calibration: Calibration?
  /// Calls at a timeframe that is too long for the horizon: they are in no group.
  public let tooLong: Int

  /// Resamples of the p-values.
  public static let replications = 1_000

  /// - Parameters:
  ///   - horizon: one of those that the signals were judged at.
  ///   - taken: the numbers of signals that somebody acted on.
  ///   - sample: what a signal is of, where calls are put together by that.
  ///   - replications: resamples of the p-values; their time is that of groups × resamples × bars.
  public init(
    _ judged: [JudgedSignals], horizon: Horizon, by dimensions: [Dimension], taken: Set<Int64> = [],
    minSamples: Int = 10,
    replications: (_ groups: Int) -> Int = { _ in Performance.replications }, seed: UInt64 = 1,
    sample: @escaping (SignalRecord) -> Sample = { _ in .unstamped }
  ) {
    self.horizon = horizon
    self.dimensions = dimensions
    self.minSamples = minSamples
    let filed = PerformanceFiling(judged, horizon: horizon, by: dimensions, taken: taken, sample: sample)
    tooLong = filed.tooLong
    var groups = filed.keys.map { key in
      Performance.group(key, filed.calls[key] ?? [], filed, minSamples)
    }
    for (place, value) in PerformanceSignificance(
      filed, keys: groups.map(\.key), minSamples, replications(groups.count), seed
    ).adjusted {
      groups[place].pValue = value
    }
    self.groups = groups
    let all = filed.keys.flatMap { filed.calls[$0] ?? [] }
    calibration = Performance.calibration(all, filed)
    total = all.isEmpty ? nil : Performance.group(dimensions.map { _ in "" }, all, filed, minSamples)
  }

  private static func calibration(_ calls: [PerformanceFiling.Call], _ filed: PerformanceFiling) -> Calibration? {
    func said(_ call: PerformanceFiling.Call) -> Double { call.confidence / 100 }
    let ended = calls.filter { $0.settled != nil }
    var calibration = Calibration(
      ended.compactMap { call in
        call.settled.map { Calibration.Call(confidence: said(call), isRight: $0.value > 0, base: call.base) }
      })
    for place in calibration?.bins.indices ?? 0..<0 {
      guard let bin = calibration?.bins[place] else { continue }
      let own = ended.filter { Calibration.bin(of: said($0)) == Calibration.bin(of: bin.lower) }
      calibration?.bins[place].interval = group([], own, filed, 1).outcome.interval
    }
    return calibration
  }

  private static func group(
    _ key: [String], _ calls: [PerformanceFiling.Call], _ filed: PerformanceFiling, _ minSamples: Int
  ) -> Group {
    let members = Set(calls.map(\.series)).sorted()
    let axis = filed.axis(of: members)
    let order = Dictionary(uniqueKeysWithValues: members.enumerated().map { ($1, $0) })
    var settled: [SettledCall] = []
    var bases: [Double] = []
    for call in calls {
      guard let one = call.settled, let place = order[call.series] else { continue }
      settled.append(axis.axis.moved(one, of: place))
      if let base = call.base { bases.append(base) }
    }
    settled.sort { ($0.bar, $0.end) < ($1.bar, $1.end) }
    let base = bases.count == settled.count && !bases.isEmpty ? bases.reduce(0, +) / Double(bases.count) : nil
    let outcome = HorizonOutcome(pooled: settled, after: filed.horizon, span: axis.span, baseRate: base)
    return Group(
      key: key, outcome: outcome, best: settled.map(\.value).max(), worst: settled.map(\.value).min(),
      open: calls.count - settled.count, strategies: Set(calls.map(\.strategy)).count,
      versions: Set(calls.map { [$0.strategy, $0.version] }).count,
      symbols: Set(calls.map(\.symbol)).count,
      rateGrade: outcome.count >= minSamples ? outcome.successRate.map(RateGrade.init) : nil)
  }
}
