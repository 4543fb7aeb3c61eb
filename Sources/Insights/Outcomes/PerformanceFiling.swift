import Backtesting
import Storage
import Trading

/// Calls filed under what they have in common, each with the base rate that it is measured against: the success of the
/// same call on every bar of its symbol since the strategy's first one, in the same month and regime where these are
/// asked for.
final class PerformanceFiling {
  struct Call {
    /// The place of its series among all.
    var series: Int
    var strategy, version, symbol: String
    var confidence: Double
    var settled: SettledCall?
    var base: Double?
  }

  let horizon: Horizon
  let series: [OutcomeSeries]
  /// Where the horizon stands among those of each series.
  let place: Int
  private(set) var calls: [[String]: [Call]] = [:]
  let tooLong: Int
  private var axes: [[Int]: (axis: CommonAxis, span: Int)] = [:]

  var keys: [[String]] { calls.keys.sorted { $0.lexicographicallyPrecedes($1) } }

  private let taken: Set<Int64>
  /// Which sample a signal belongs to.
  private let sample: (SignalRecord) -> Performance.Sample

  init(
    _ judged: [JudgedSignals], horizon: Horizon, by dimensions: [Performance.Dimension], taken: Set<Int64>,
    sample: @escaping (SignalRecord) -> Performance.Sample
  ) {
    self.sample = sample
    self.horizon = horizon
    self.taken = taken
    let known = judged.filter { $0.series.horizons.contains(horizon) }
    let shown = known.filter { one in one.series.horizons.firstIndex(of: horizon).map(one.series.shows) ?? false }
    tooLong = known.reduce(0) { $0 + $1.signals.count } - shown.reduce(0) { $0 + $1.signals.count }
    series = shown.map(\.series)
    place = shown.first?.series.horizons.firstIndex(of: horizon) ?? 0
    for (number, one) in shown.enumerated() { file(one, number, dimensions) }
  }

  private struct Stretch: Hashable { var month: Int?, regime: MarketRegime? }

  private func file(_ judged: JudgedSignals, _ number: Int, _ dimensions: [Performance.Dimension]) {
    let series = judged.series
    guard let place = series.horizons.firstIndex(of: horizon) else { return }
    func stretch(_ bar: Int) -> Stretch {
      Stretch(
        month: dimensions.contains(.month) ? series.candles.times[bar].month : nil,
        regime: dimensions.contains(.regime) ? series.regimes[bar] : nil)
    }
    let isWhole = !dimensions.contains(.month) && !dimensions.contains(.regime)
    let whole = isWhole ? series.bases(after: place) : []
    let parts =
      isWhole ? [:] : judged.firsts.mapValues { series.bases(after: place, from: $0, by: stretch) }
    func base(_ strategy: String, _ bar: Int) -> CallBase? {
      isWhole ? judged.firsts[strategy].map { whole[$0] } : parts[strategy]?[stretch(bar)]
    }
    for one in judged.signals {
      let record = one.stored.record
      let key = dimensions.map { dimension in
        switch dimension {
        case .strategy: record.strategy
        case .version: record.version
        case .symbol: record.symbol
        case .timeframe: "\(record.timeframe)"
        case .direction: record.signal.direction.rawValue
        case .month: String(record.signal.time.dateText.prefix(7))
        case .regime: series.regimes[one.bar].name
        case .sample: sample(record).rawValue
        case .taken: taken.contains(one.stored.id) ? Performance.taken : Performance.notTaken
        }
      }
      calls[key, default: []].append(
        Call(
          series: number, strategy: record.strategy, version: record.version, symbol: record.symbol,
          confidence: record.signal.confidence, settled: one.calls[place],
          base: base(record.strategy, one.bar)?.rate(record.signal.direction)))
    }
  }

  /// The common axis of some of the series, and the longest horizon on it.
  func axis(of members: [Int]) -> (axis: CommonAxis, span: Int) {
    if let known = axes[members] { return known }
    let chosen = members.map { series[$0] }
    let axis = CommonAxis(chosen)
    axes[members] = (axis, axis.span(of: chosen, after: place))
    return axes[members] ?? (axis, 0)
  }
}

extension Instant {
  /// Months since the year 0.
  fileprivate var month: Int {
    let (year, month, _) = date
    return year * 12 + month - 1
  }
}
