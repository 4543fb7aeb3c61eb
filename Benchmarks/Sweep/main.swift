import Backtesting
import Foundation
import MarketData
import Pipelines
import PluginKit
import SeriesMath
import StrategyModules
import Trading

// How fast a grid of moving-average crossings is swept, for Benchmarks/peers/sweep_numba.py to stand beside.
//
//     Sweep [--bars 2520,140000] [--jobs 1,2] [--rounds 5] [--data FILE.csv]
//
// Prints a line of JSON for each number of bars and jobs. An evaluation is one combination at one bar.

func argument(_ name: String) -> String? {
  let arguments = CommandLine.arguments
  return arguments.firstIndex(of: name).flatMap { $0 + 1 < arguments.count ? arguments[$0 + 1] : nil }
}

func numbers(_ name: String, _ usual: [Int]) -> [Int] {
  argument(name).map { $0.split(separator: ",").compactMap { Int($0) } } ?? usual
}

/// Processor time of the whole process and time on the wall, in seconds.
func clocks() -> (processor: Double, wall: Double) {
  func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
  return (seconds(CLOCK_PROCESS_CPUTIME_ID), seconds(CLOCK_MONOTONIC))
}

/// A random walk that the peer makes bit for bit the same: normal deviates as sums of twelve uniform ones.
func walk(_ bars: Int) -> CandleSeries {
  var random = SplitMix64(seed: UInt64(bars))
  let (step, deviation): (Int64, Double) = bars <= 5_000 ? (86_400, 0.012) : (1_800, 0.002)
  var close = 100.0
  let candles = (0..<bars).map { bar in
    let normal = (0..<12).reduce(0.0) { sum, _ in sum + random.unit() } - 6
    let open = close * (1 + deviation * 0.5 * (random.unit() - 0.5))
    close *= 1 + deviation * normal
    return Candle(
      time: Instant(seconds: 1_420_070_400 + Int64(bar) * step), open: open, high: max(open, close) * 1.001,
      low: min(open, close) * 0.999, close: close, volume: 1_000)
  }
  let timeframe = Timeframe(step == 86_400 ? "1d" : "30m") ?? .day
  return CandleSeries(instrument: Instrument(symbol: "WALK"), timeframe: timeframe, candles: candles)
}

func template() throws -> StrategyTemplate {
  let text = """
    name: sweep
    title: Crossing averages
    description: The grid of the benchmark.
    timeframe: 1d
    symbols: [WALK]
    pipeline:
      - { id: trend, module: ma_cross, with: { fast: 2, slow: 3 } }
    """
  let (template, diagnostics) = StrategyReader(registry: bundled).template(file: "sweep.yaml", bytes: Array(text.utf8))
  guard let template else { throw DataError(description: "\(diagnostics)") }
  return template
}

struct DataError: Error { var description: String }

/// All pairs of 2 to 100 with fast < slow: 4,851.
func family() throws -> StrategyFamily {
  let template = try template()
  let axes = try [
    ParameterAxis("trend.fast=2..100", of: template), ParameterAxis("trend.slow=2..100", of: template),
  ]
  let grid = try ParameterGrid(axes, where: try AxisCondition("trend.fast < trend.slow", over: axes))
  return template.family(axes, try grid.admitted(limit: 10_000).map { grid.values($0) }).family
}

let rounds = numbers("--rounds", [5]).first ?? 5
let file = try argument("--data").map { try PriceFile.read(path: $0, instrument: Instrument(symbol: "WALK")).series }
let before = clocks()
let all = try family()
let after = clocks()
print(
  """
  {"combinations": \(all.strategies.count), "compile_cpu_s": \(after.processor - before.processor)}
  """)

for bars in file.map({ [$0.count] }) ?? numbers("--bars", [2_520, 140_000]) {
  let market = Market(file ?? walk(bars))
  for jobs in numbers("--jobs", [1, 2]) {
    var best = (processor: Double.infinity, wall: Double.infinity)
    var trades = 0
    for _ in 0..<max(1, rounds) {
      trades = 0
      let start = clocks()
      try sweepRows(all, over: market, jobs: jobs) { _, figures in trades += figures.metrics.trades }
      let end = clocks()
      best = (min(best.processor, end.processor - start.processor), min(best.wall, end.wall - start.wall))
    }
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    let evaluations = Double(bars * all.strategies.count) / 1e6
    print(
      """
      {"bars": \(bars), "jobs": \(jobs), "trades": \(trades), "cpu_s": \(best.processor), "wall_s": \(best.wall), \
      "million_evals_per_cpu_s": \(evaluations / best.processor), "million_evals_per_s": \(evaluations / best.wall), \
      "peak_mb": \(Double(usage.ru_maxrss) / 1024)}
      """)
  }
}
