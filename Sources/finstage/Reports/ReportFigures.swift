import Backtesting
import Insights
import Reporting
import Trading

/// What calls came to, as a report tells it: those that were stored, or those of a replay.
struct ReportFigures {
  let total: DailyReport.Total?
  let tooLong: Int
  private let performance: Performance
  private let judged: [JudgedSignals]
  private let least: Int
  private let ratings: [[String]: DailyReport.Rating]

  /// - Parameter samples: tells what is out-of-sample.
  init(_ judged: [JudgedSignals], _ horizon: Horizon, least: Int, _ samples: SignalSamples) {
    let performance = Performance(
      judged, horizon: horizon, by: [.symbol, .strategy], minSamples: least,
      replications: { groups in min(Performance.replications, max(200, 100_000 / max(1, groups))) })
    self.performance = performance
    self.judged = judged
    self.least = least
    tooLong = performance.tooLong
    var ratings: [[String]: DailyReport.Rating] = [:]
    for group in performance.groups {
      ratings[group.key] = DailyReport.Rating(strategy: group.key[1], outcome: group.outcome, pValue: group.pValue)
    }
    self.ratings = ratings
    let tested = performance.groups.compactMap(\.pValue)
    total = performance.total.map {
      DailyReport.Total(
        outcome: $0.outcome, open: $0.open, tested: tested.count, significant: tested.count { $0 < 0.05 },
        calibration: performance.calibration, samples: samples.parts(of: judged, horizon))
    }
  }

  /// By symbol.
  var markets: [DailyReport.Market] {
    var groups: [String: [Performance.Group]] = [:]
    for group in performance.groups { groups[group.key[0], default: []].append(group) }
    // Without tests of their own: those are the strategies'.
    let whole = Performance(judged, horizon: performance.horizon, by: [.symbol], minSamples: .max)
    return whole.groups.filter { $0.outcome.count > 0 }.map { group in
      let symbol = group.key[0]
      let rated = (groups[symbol] ?? []).filter { $0.outcome.count >= least }
      let best = rated.max { ($0.outcome.meanReturn ?? -.infinity) < ($1.outcome.meanReturn ?? -.infinity) }
      let candles = judged.filter { $0.symbol == symbol }.map(\.series.candles).max { $0.count < $1.count }
      return DailyReport.Market(
        symbol: symbol, bars: candles?.count ?? 0, from: candles?.times.first,
        best: best.flatMap { ratings[$0.key] }, rated: rated.count, all: group.outcome)
    }
  }

  func rating(_ symbol: String, _ strategy: String) -> DailyReport.Rating? {
    ratings[[symbol, strategy]].flatMap { $0.outcome.count > 0 ? $0 : nil }
  }
}
