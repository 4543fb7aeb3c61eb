import Benchmark
import Pipelines
import PluginKit
import StrategyModules
import Trading

/// Each indicator over a million bars through a graph run, as a backtest does it. A plain loop over arrays is measured
/// beside it in the same iteration: the ratio of the two holds on other machines, the time does not.
let benchmarks: @Sendable () -> Void = {
  let bars = 1_000_000
  let candles = Prices.walk(of: bars)
  let time = BenchmarkMetric.custom("ps a bar", polarity: .prefersSmaller, useScalingFactor: false)
  let ratio = BenchmarkMetric.custom("% of a plain loop", polarity: .prefersSmaller, useScalingFactor: false)
  Benchmark.defaultConfiguration = .init(
    metrics: [time, ratio], warmupIterations: 2, maxDuration: .seconds(2), maxIterations: 60,
    thresholds: [ratio: BenchmarkThresholds(relative: [.p50: 60, .p90: 60])])

  func measure(_ name: String, _ term: Term) {
    var graph = Graph()
    _ = graph.add(term, bundled)
    let finished = graph
    Benchmark(name) { benchmark in
      let plain = Prices.plainLoop(candles)
      let clock = ContinuousClock()
      let run = GraphRun(finished)
      let elapsed = try clock.measure {
        while run.count < bars { try run.advance(candles, rows: min(run.block, bars - run.count)) }
      }
      let picoseconds = elapsed.attoseconds / 1_000_000
      benchmark.measurement(time, Int(picoseconds / Int64(bars)))
      benchmark.measurement(ratio, Int(100 * picoseconds / max(1, plain.attoseconds / 1_000_000)))
    }
  }

  measure("candles alone", .close)
  for entry in indicators {
    let series: [Term] = entry.takesSeries ? Array([Term.close, .open].prefix(entry.inputs.count)) : []
    measure(entry.id, .call(entry.id, series, [:], output: 0))
  }
  measure("highest 252", .indicator("highest", .high, with: ["period": 252]))
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

extension Duration {
  fileprivate var attoseconds: Int64 { components.seconds * 1_000_000_000_000_000_000 + components.attoseconds }
}
