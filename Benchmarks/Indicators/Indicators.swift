import Benchmark
import Pipelines
import PluginKit
import StrategyModules
import Trading

/// Each indicator over a million bars through a graph run, as a backtest does it. A plain loop over arrays is measured
/// beside it: the ratio of the two holds on other machines, the time does not. So the limits are ratios.
let benchmarks: @Sendable () -> Void = {
  let candles = Prices.walk(of: 1_000_000)
  let time = BenchmarkMetric.custom("ps a bar", polarity: .prefersSmaller, useScalingFactor: false)
  let ratio = BenchmarkMetric.custom("% of a plain loop", polarity: .prefersSmaller, useScalingFactor: false)
  Benchmark.defaultConfiguration = .init(
    metrics: [time, ratio], units: [time: .count, ratio: .count], warmupIterations: 1, maxDuration: .seconds(3),
    maxIterations: 20)

  /// `limit` is in percent of the plain loop; a run beyond it fails.
  func measure(_ name: String, _ term: Term, limit: Int) {
    var graph = Graph()
    _ = graph.add(term, bundled)
    let finished = graph
    Benchmark(name) { benchmark in
      let plain = least { Prices.plainLoop(candles) }
      let run = try least { try duration(of: finished, over: candles) }
      let percent = Int(Double(run) / Double(plain) * 100)
      benchmark.measurement(time, Int(run / 1_000_000 / Int64(candles.count)))
      benchmark.measurement(ratio, percent)
      if percent > limit {
        benchmark.error("beyond the limit: \(percent) % of a plain loop, where \(limit) % is admitted")
      }
    }
  }

  measure("candles alone", .close, limit: 400)
  // What learns costs a training now and then and not a step a bar: the benchmarks of insights measure it.
  for entry in indicators where !["boosted_forecast", "logistic_forecast"].contains(entry.id) {
    let series: [Term] = entry.takesSeries ? Array([Term.close, .open].prefix(entry.inputs.count)) : []
    measure(entry.id, .call(entry.id, series, [:], output: 0), limit: limits[entry.id] ?? 4_000)
  }
  measure("highest 252", .indicator("highest", .high, with: ["period": 252]), limit: 1_700)
}

/// About twice what was measured, and for the others twice the slowest of them: a limit is there to catch a step that
/// fell off the fast path, not noise.
private let limits = [
  "bollinger": 1_800, "highest": 1_700, "lowest": 1_700, "macd": 1_700, "percent_rank": 15_000, "rsi": 1_700,
  "stochastic": 3_600,
]

private func duration(of graph: Graph, over candles: CandleSeries) throws -> Duration {
  try ContinuousClock().measure {
    let run = GraphRun(graph)
    let market = Market(candles)
    while run.count < candles.count { try run.advance(market, rows: min(run.block, candles.count - run.count)) }
  }
}

/// The shortest of five runs in attoseconds: what else the machine does can only lengthen one.
private func least(_ body: () throws -> Duration) rethrows -> Int64 {
  var least = Duration.seconds(60)
  for _ in 0..<5 { least = min(least, try body()) }
  return least.components.seconds * 1_000_000_000_000_000_000 + least.components.attoseconds
}

enum Prices {
  /// A random walk that is the same on every machine.
  static func walk(of bars: Int) -> CandleSeries {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    func random() -> Double {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Double(state >> 11) / Double(1 << 53)
    }
    var candles: [Candle] = []
    candles.reserveCapacity(bars)
    var close = 100.0
    for bar in 0..<bars {
      let open = close
      close = max(1, close * (1 + 0.02 * (random() - 0.5)))
      candles.append(
        Candle(
          time: Instant(seconds: Int64(bar) * 60), open: open, high: max(open, close) * (1 + 0.005 * random()),
          low: min(open, close) * (1 - 0.005 * random()), close: close, volume: 1_000 * (1 + random())))
    }
    return CandleSeries(instrument: Instrument(symbol: "WALK"), timeframe: Timeframe(1, .minute), candles: candles)
  }

  /// How long an exponential average takes that is written as a loop from array to array.
  @inline(never)
  static func plainLoop(_ candles: CandleSeries) -> Duration {
    let start = CandleSeries.Column.close.rawValue * candles.count
    var values = [Double](repeating: 0, count: candles.count)
    let elapsed = ContinuousClock().measure {
      let closes = candles.block.span
      var out = values.mutableSpan
      var average = closes[start]
      for bar in 0..<out.count {
        average = average * 0.9 + closes[start + bar] * 0.1
        out[bar] = average
      }
    }
    blackHole(values[values.count - 1])
    return elapsed
  }
}
