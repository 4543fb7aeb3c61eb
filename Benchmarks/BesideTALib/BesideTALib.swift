import Foundation
import MarketData
import Pipelines
import PluginKit
import StrategyModules
import Trading

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Indicators beside TA-Lib's C functions over one file of prices: TALib LIBRARY PRICES [NAME…]
///
/// Both sides write into memory that is there already, take turns, and are measured by the time that the thread kept a
/// processor busy. Of the rounds the least counts. A line a row: name, ns a bar of ours, of TA-Lib, and ours through a
/// graph run, which copies the candles into its store.
@main
enum BesideTALib {
  static let rounds = 7

  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count >= 3 else {
      print("usage: TALib LIBRARY PRICES [NAME…]")
      exit(2)
    }
    let library = try TALib(path: arguments[1])
    let candles = try PriceFile.read(path: arguments[2], instrument: Instrument(symbol: "BARS")).series
    let wanted = Set(arguments.dropFirst(3))
    if wanted == ["csv"] { return try read(arguments[2]) }
    if wanted.isEmpty || wanted.contains("live") { try Live.compare(library, candles) }
    let bench = Bench(library: library, candles: candles)
    if wanted.isEmpty || wanted.contains("holes") { try bench.lookForHoles() }
    for pair in Pair.all where wanted.isEmpty || wanted.contains(pair.name) { try bench.compare([pair], as: pair.name) }
    if wanted.isEmpty || wanted.contains("candlesticks") { try bench.compare(Pair.patterns, as: "candlesticks") }
    for pair in Pair.patterns where wanted.contains(pair.name) { try bench.compare([pair], as: pair.name) }
  }
}

extension BesideTALib {
  /// Nanoseconds a row to read the file of prices.
  private static func read(_ path: String) throws {
    var (best, rows) = (Double.infinity, 1)
    for _ in 0..<5 {
      let start = busy()
      rows = try PriceFile.read(path: path, instrument: Instrument(symbol: "BARS")).series.count
      best = min(best, busy() - start)
    }
    print("csv", best / Double(rows) * 1e9)
  }
}

/// The columns of one file, and memory for what is made of them.
struct Bench {
  let library: TALib
  let candles: CandleSeries
  private let rows: Int
  private let inputs: UnsafeMutablePointer<Double>
  private let outputs: UnsafeMutablePointer<Double>
  private let marks: UnsafeMutablePointer<Int32>

  init(library: TALib, candles: CandleSeries) {
    self.library = library
    self.candles = candles
    rows = candles.count
    inputs = .allocate(capacity: candles.block.count)
    inputs.initialize(from: candles.block, count: candles.block.count)
    outputs = .allocate(capacity: 3 * rows)
    outputs.initialize(repeating: 0, count: 3 * rows)
    marks = .allocate(capacity: rows)
    marks.initialize(repeating: 0, count: rows)
  }

  func compare(_ pairs: [Pair], as name: String) throws {
    let out = (0..<3).map { outputs + $0 * rows }
    let theirs = try pairs.map {
      try library.call($0.function, $0.shape(column), rows: rows, out, marks)
    }
    let entries = try pairs.map { pair in
      guard let entry = bundled.indicators[pair.id] else { throw PeerError.noIndicator(pair.id) }
      return (entry, entry(pair.settings), pair)
    }
    var graph = Graph()
    for pair in pairs { _ = graph.add(pair.term, bundled) }
    let finished = graph
    let market = Market(candles)
    let (ours, peer, whole) = try least(
      { for (entry, indicator, pair) in entries { kernel(entry, indicator, first: pair.firstColumn(of: entry)) } },
      { for call in theirs { call() } },
      {
        let run = GraphRun(finished)
        while run.count < rows { try run.advance(market, rows: min(run.block, rows - run.count)) }
      })
    func perBar(_ seconds: Double) -> String { String(format: "%8.2f", seconds / Double(rows) * 1e9) }
    let label = name.padding(toLength: 14, withPad: " ", startingAt: 0)
    print(label, perBar(ours), perBar(peer), String(format: "%6.3f", ours / peer), perBar(whole))
  }

  /// What it costs to find the missing bars, once a series and for all that reads it.
  func lookForHoles() throws {
    let times = candles.times
    let (looked, _, _) = try least({
      _ = CandleSeries(
        instrument: candles.instrument, timeframe: candles.timeframe, times: times, block: candles.block)
    })
    print("holes         ", String(format: "%8.2f", looked / Double(rows) * 1e9))
  }

  private func column(_ column: CandleSeries.Column) -> UnsafePointer<Double> {
    UnsafePointer(inputs + column.rawValue * rows)
  }

  private func kernel(_ entry: IndicatorEntry, _ indicator: ConfiguredIndicator, first: CandleSeries.Column) {
    guard case .native(let work) = indicator.begin() else { return }
    let source = UnsafeBufferPointer(start: column(first), count: entry.inputs.count * rows)
    var target = UnsafeMutableBufferPointer(start: outputs, count: 3 * rows).mutableSpan
    // The series knows where its holes are, as in a graph run.
    let columns = CandleSeries.Columns(
      (0..<entry.inputs.count).compactMap { CandleSeries.Column(rawValue: first.rawValue + $0) }
        .map { CandleSeries.Columns($0) })
    work.advance(
      0..<rows, inputs: source.span, inputStride: rows, outputs: &target, outputStride: rows, outputStart: 0,
      isWhole: candles.columnsWithHoles(in: 0..<rows).isDisjoint(with: columns))
  }
}

/// The least seconds of each body; they take turns.
func least(_ bodies: () throws -> Void...) throws -> (Double, Double, Double) {
  var least = bodies.map { _ in Double.infinity }
  for _ in 0...BesideTALib.rounds {
    for (place, body) in bodies.enumerated() {
      let start = busy()
      try body()
      least[place] = min(least[place], busy() - start)
    }
  }
  return (least[0], bodies.count > 1 ? least[1] : .nan, bodies.count > 2 ? least[2] : .nan)
}

/// Seconds for which this thread has kept a processor busy.
func busy() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
