public import Backtesting
public import Trading

/// The situations that signals come in, in groups, with what became of the signals of each: fitted to the earlier
/// part, and scored on the later one.
public struct SituationClusters: Hashable, Sendable {
  public struct Cluster: Hashable, Sendable {
    /// What tells it from the others, the most telling first, each above or below what is ordinary.
    public var traits: [(trait: Trait, isHigh: Bool)]
    /// Situations of the fit.
    public var size: Int
    /// What became of their calls in the fit, and of those that came later.
    public var outcome, later: HorizonOutcome

    /// Its traits in words; `ordinary` where it has none.
    public var name: String {
      traits.isEmpty
        ? "ordinary" : traits.map { $0.isHigh ? $0.trait.words.high : $0.trait.words.low }.joined(separator: ", ")
    }

    public static func == (a: Cluster, b: Cluster) -> Bool {
      (a.name, a.size, a.outcome, a.later) == (b.name, b.size, b.outcome, b.later)
    }

    public func hash(into hasher: inout Hasher) {
      hasher.combine(name)
      hasher.combine(size)
    }
  }

  public struct Settings: Hashable, Sendable {
    public var groups = 2...8
    public var starts = 8
    /// The share of the situations that is fitted to; the later ones are for the score.
    public var share = 0.7
    /// The latest situations of the fit that are used, at most.
    public var most = 600
    public var seed: UInt64

    public init(seed: UInt64) { self.seed = seed }
  }

  public var clusters: [Cluster]
  /// How well the groups are parted, −1 to 1: in the fit, and with the later situations in them.
  public var silhouette: Double
  public var laterSilhouette: Double?
  /// Situations of the fit, the label of the last bar among them, and later ones.
  public var fitted, later: Int
  public var fittedUntil: Instant
  /// By how much the squared error of forecasting the later outcomes by the groups' success is below that by the
  /// success of all buys and of all sells in the fit, as a share of it: 0 or less says that the groups forecast
  /// nothing. Nil without later outcomes.
  public var skill: Double?
  /// The group of the last bar's calls; nil where it has none.
  public var current: Int?

  /// Nil where there are too few situations to part.
  public init?(
    _ history: SignalHistory, over candles: CandleSeries, horizon: Horizon, _ settings: Settings
  ) {
    let forward = ForwardOutcomes(over: horizon, of: candles)
    let (ends, returns) = (forward.ends, forward.returns)
    let situations = Situation.all(history, candles)
    let settled = situations.filter { !returns[$0.bar].isNaN }
    let cut = Int(Double(settled.count) * settings.share)
    guard cut >= 10 * settings.groups.lowerBound, cut < settled.count else { return nil }
    // An outcome that ends among the later bars would tell the fit of them.
    let fit = Array(settled[..<cut].filter { ends[$0.bar] < settled[cut].bar }.suffix(settings.most))
    let after = Array(settled[cut...])
    let scaled = Standardisation(fit.map(\.features))
    let points = fit.map { scaled($0.features) }
    guard let (means, score) = SituationClusters.best(points, settings), let last = fit.last else { return nil }
    let labels = points.map { means.nearest($0).group }
    let laterPoints = after.map { scaled($0.features) }
    let laterLabels = laterPoints.map { means.nearest($0).group }
    func calls(_ situations: [Situation], _ labels: [Int], _ group: Int) -> [(bar: Int, sign: Double)] {
      zip(situations, labels).filter { $0.1 == group }.map { ($0.0.bar, $0.0.sign) }
    }
    // What is known at the end of the fit, and what is not, each has its own base rate.
    let (known, unknown) = (Array(0...last.bar), Array(settled[cut].bar..<candles.count))
    clusters = means.centres.indices.map { group in
      Cluster(
        traits: SituationClusters.traits(of: means.centres[group]), size: labels.count { $0 == group },
        outcome: forward.outcome(of: calls(fit, labels, group), against: known),
        later: forward.outcome(of: calls(after, laterLabels, group), against: unknown))
    }
    silhouette = score
    laterSilhouette = Insights.silhouette(laterPoints, labels: laterLabels)
    (fitted, later, fittedUntil) = (fit.count, after.count, candles.times[last.bar])
    current = situations.last { $0.bar == candles.count - 1 }.map { means.nearest(scaled($0.features)).group }
    skill = nil
    func successes(_ situations: [Situation]) -> [Double] {
      situations.map { returns[$0.bar] * $0.sign > 0 ? 1 : 0 }
    }
    let found = successes(after)
    let all = successes(fit).reduce(0, +) / Double(fit.count)
    // A rising market alone makes buys right more often than sells.
    func rate(_ sign: Double) -> Double {
      let own = successes(fit.filter { $0.sign == sign })
      return own.isEmpty ? all : own.reduce(0, +) / Double(own.count)
    }
    let (ofBuys, ofSells) = (rate(1), rate(-1))
    let rates = clusters.map { $0.outcome.successRate ?? all }
    var (naive, grouped) = (0.0, 0.0)
    for (place, situation) in after.enumerated() {
      let plain = found[place] - (situation.sign > 0 ? ofBuys : ofSells)
      let own = found[place] - rates[laterLabels[place]]
      naive += plain * plain
      grouped += own * own
    }
    if naive > 0 { skill = 1 - grouped / naive }
  }

  /// The number of groups that are parted best.
  private static func best(_ points: [[Double]], _ settings: Settings) -> (KMeans, Double)? {
    var best: (means: KMeans, score: Double)?
    for groups in settings.groups where groups * 5 <= points.count {
      guard let means = KMeans(points, groups: groups, starts: settings.starts, seed: settings.seed),
        let score = Insights.silhouette(points, labels: points.map { means.nearest($0).group })
      else { continue }
      if score > (best?.score ?? -2) + 1e-12 { best = (means, score) }
    }
    return best
  }

  /// Up to three traits that lie half a deviation or more from the ordinary.
  private static func traits(of centre: [Double]) -> [(trait: Trait, isHigh: Bool)] {
    let telling = Trait.allCases.indices.filter { abs(centre[$0]) >= 0.5 }
    return telling.sorted { (abs(centre[$1]), $0) < (abs(centre[$0]), $1) }.prefix(3)
      .map { (Trait.allCases[$0], centre[$0] > 0) }
  }
}
