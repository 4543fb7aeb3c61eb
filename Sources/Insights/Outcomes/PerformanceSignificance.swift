import Backtesting
import Trading

/// Which groups succeed more often than their base rate, tested together: the stepdown of Romano and Wolf over each
/// group's sum of successes less base rates, bar by bar. Groups of other timeframes are tested apart, and their p-values
/// multiplied by the number of such families (Bonferroni).
struct PerformanceSignificance {
  /// By the place of a key.
  private(set) var adjusted: [(Int, Double)] = []

  init(_ filed: PerformanceFiling, keys: [[String]], _ minSamples: Int, _ replications: Int, _ seed: UInt64) {
    var families: [Set<Timeframe>: [Int]] = [:]
    for (place, key) in keys.enumerated() {
      let calls = filed.calls[key] ?? []
      guard calls.count(where: { $0.settled != nil && $0.base != nil }) >= max(2, minSamples) else { continue }
      families[Set(calls.map { filed.series[$0.series].candles.timeframe }), default: []].append(place)
    }
    for places in families.values {
      let groups = places.map { filed.calls[keys[$0]] ?? [] }
      let members = Set(groups.joined().map(\.series)).sorted()
      let (axis, span) = filed.axis(of: members)
      let order = Dictionary(uniqueKeysWithValues: members.enumerated().map { ($1, $0) })
      func bar(_ call: PerformanceFiling.Call) -> Int? {
        guard let settled = call.settled, let place = order[call.series] else { return nil }
        return axis.place(settled.bar, of: place)
      }
      let bars = groups.joined().compactMap(bar)
      guard let first = bars.min(), let last = bars.max() else { continue }
      let tests = multipleTests(
        strategies: groups.count, bars: last - first + 1, replications: replications,
        meanBlock: Double(min(3 * max(1, span), max(1, last - first))), seed: seed
      ) { group in
        var column = Array(repeating: 0.0, count: last - first + 1)
        for call in groups[group] {
          guard let place = bar(call), let settled = call.settled, let base = call.base else { continue }
          column[place - first] += (settled.value > 0 ? 1 : 0) - base
        }
        return column
      }
      guard let tests else { continue }
      for (place, value) in zip(places, tests.stepdown) {
        adjusted.append((place, min(1, value * Double(families.count))))
      }
    }
  }
}
